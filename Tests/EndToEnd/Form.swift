import Foundation
import TestBench

/// The three forms of an answer, by what a client accepts.
enum Form: String, CaseIterable, Sendable {
    case text, json, html

    /// The `Accept` that curl, a program and a browser send.
    var accept: [(String, String)] {
        switch self {
        case .text: [("Accept", "*/*")]
        case .json: [("Accept", "application/json")]
        case .html: [("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
        }
    }

    var contentType: String {
        switch self {
        case .text: "text/plain; charset=utf-8"
        case .json: "application/json"
        case .html: "text/html; charset=utf-8"
        }
    }
}

extension HTTPAnswer {
    /// The sentence of an answer: the text exactly, JSON's `message`, or the HTML page itself.
    func says(_ sentence: String, in form: Form) -> Bool {
        switch form {
        case .text: text == sentence
        case .json: message == sentence
        case .html: text.contains(sentence) && text.hasPrefix("<!DOCTYPE html>")
        }
    }

    /// The member `message` of a JSON answer.
    var message: String? {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])?["message"] as? String
    }

    /// The token of a page's form; nil when it has none.
    var token: String? { value(ofInput: "token") }

    /// The value of a hidden input; nil when there is none.
    func value(ofInput name: String) -> String? {
        let mark = "name=\"\(name)\" value=\""
        guard let start = text.range(of: mark)?.upperBound, let end = text[start...].firstIndex(of: "\"")
        else { return nil }
        return String(text[start..<end])
    }
}

extension HTTPClient {
    /// A form that accepts what the answers are to be.
    func accepting(_ form: Form) -> HTTPClient {
        headers = form.accept
        return self
    }

    /// Signs in as a program does.
    @discardableResult
    func signIn(_ name: String = "johnDoe", _ password: String = "password123") throws -> HTTPAnswer {
        try post("/login", [("username", name), ("password", password)], [("Accept", "*/*")])
    }

    /// Signs in as a browser does: gets the page, sends its form back.
    @discardableResult
    func signInByForm(
        _ name: String = "johnDoe",
        _ password: String = "password123",
        returnTo: String? = nil
    ) throws -> HTTPAnswer {
        let target = "/login" + (returnTo.map { "?return_to=" + HTTPBody.encoded($0) } ?? "")
        let page = try get(target, Form.html.accept)
        var fields = [("username", name), ("password", password), ("token", page.token ?? "")]
        if let goal = page.value(ofInput: "return_to") { fields.append(("return_to", goal)) }
        return try post("/login", fields, Form.html.accept)
    }
}
