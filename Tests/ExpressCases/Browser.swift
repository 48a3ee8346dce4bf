import Foundation
import TestBench
import Testing

/// A browser at one location: sends scripts, keeps cookies.
final class Browser {
    let location: Location
    let client: HTTPClient
    let site: Site

    /// On a thread of one's own the site must be given along: task-local values do not go there.
    init(_ location: Location, site: Site? = nil) throws {
        self.location = location
        self.site = try site ?? Site.current
        client = self.site.nginx.client(timeout: 20)
        client.isSecure = location.settings.isTLS || location.settings.scheme == "https"
    }

    /// The same cookies elsewhere.
    func at(_ location: Location) throws -> Browser {
        let other = try Browser(location, site: site)
        other.client.jar = client.jar
        return other
    }

    /// Runs operations of a script; the path follows the location's.
    @discardableResult
    func run(
        _ operations: String...,
        path: String = "",
        method: String = "GET",
        headers: [(String, String)] = []
    ) throws -> Reply {
        let script = operations.isEmpty ? [] : [("X-Script", operations.joined(separator: " ; "))]
        return try Reply(client.send(method, location.prefix + path, script + headers))
    }

    /// Sends a cookie by hand, once.
    func run(cookie: String, _ operations: String...) throws -> Reply {
        let script = [("X-Script", operations.joined(separator: " ; "))]
        return try Reply(client.send("GET", location.prefix, script + [("Cookie", cookie)]))
    }
}

/// What a lab answered.
struct Reply {
    let answer: HTTPAnswer
    /// The cookies that were set, in order.
    let cookies: [SentCookie]
    /// The result of each operation as compact JSON.
    let results: [String]
    let id: String?
    let isNew: Bool?
    /// The values at the end as compact JSON.
    let values: [String: String]
    let error: String?

    init(_ answer: HTTPAnswer) throws {
        self.answer = answer
        cookies = answer.values("Set-Cookie").map(SentCookie.init)
        let object = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        let session = object?["session"] as? [String: Any]
        results = (object?["results"] as? [Any] ?? []).map(Self.text)
        id = session?["id"] as? String
        isNew = session?["new"] as? Bool
        values = (session?["values"] as? [String: Any] ?? [:]).mapValues(Self.text)
        error = object?["error"] as? String
    }

    var status: Int { answer.status }
    /// The session's cookie; nil when none was sent.
    var cookie: SentCookie? { cookies.first { $0.name == "connect.sid" } }

    /// Whole seconds from the answer's Date to the cookie's Expires.
    func lifetime() throws -> Double {
        let date = try #require(answer.field("Date").flatMap(SentCookie.date))
        return try #require(cookie?.expires).timeIntervalSince(date)
    }

    private static func text(_ value: Any) -> String {
        let options: JSONSerialization.WritingOptions = [
            .fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes,
        ]
        let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "?"
    }
}

/// One `Set-Cookie`.
struct SentCookie: Equatable {
    let line: String
    let name: String
    let value: String
    let attributes: [String]

    init(_ line: String) {
        self.line = line
        let parts = line.components(separatedBy: "; ")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(pair[0])
        value = pair.count > 1 ? String(pair[1]) : ""
        attributes = Array(parts.dropFirst())
    }

    func has(_ attribute: String) -> Bool { attributes.contains(attribute) }

    /// Whether an attribute of the name is there, with any value.
    func mentions(_ name: String) -> Bool {
        attributes.contains { $0 == name || $0.hasPrefix(name + "=") }
    }

    var expires: Date? {
        attributes.first { $0.hasPrefix("Expires=") }.flatMap { Self.date(String($0.dropFirst(8))) }
    }

    static func date(_ text: String) -> Date? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text)
    }
}
