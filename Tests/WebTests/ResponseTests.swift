import Testing
import Web

@Suite struct `A response` {
    private static func written(_ response: Response, forHead: Bool = false) -> String {
        var bytes: [UInt8] = []
        response.appendCGI(to: &bytes, forHead: forHead)
        return text(bytes)
    }

    @Test func `is written as CGI asks`() {
        #expect(
            Self.written(.text("Hé"))
                == "Status: 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nHé"
        )
        #expect(
            Self.written(.text("No", status: .unauthorized), forHead: true)
                == "Status: 401 Unauthorized\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n"
        )
        #expect(Self.written(Response(status: .noContent, body: [1])) == "Status: 204 No Content\r\n\r\n")
        #expect(Self.written(Response(status: .notModified, body: [1])) == "Status: 304 Not Modified\r\n\r\n")
    }

    @Test(
        arguments: [
            (.init(code: 429), "429 Too Many Requests"), (.init(code: 299), "299 OK"),
            (.init(code: 418), "418 Client Error"),
            (.init(code: 399), "399 Redirection"), (.init(code: 599), "599 Internal Server Error"),
            (.init(code: 100), "500 Internal Server Error"), (.init(code: 0), "500 Internal Server Error"),
            (.init(code: 999, reasonPhrase: "x"), "500 Internal Server Error"),
            (.init(code: 200, reasonPhrase: "a\r\nX-Evil: 1"), "200 a  X-Evil: 1"),
        ] as [(HTTPResponse.Status, String)]
    )
    func `always has a final status and a phrase of one line`(status: HTTPResponse.Status, line: String) {
        #expect(Self.written(Response(status: status)).hasPrefix("Status: \(line)\r\n"))
    }

    @Test func `in JSON is one object of texts`() {
        let response = Response.json(["message": "Hello, \"Ann\"\n", "k": "é"], status: .created)
        #expect(text(response.body) == #"{"message":"Hello, \"Ann\"\n","k":"é"}"#)
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.status == .created)
        #expect(text(Response.json([:] as KeyValuePairs<String, String>).body) == "{}")
        #expect(text(Response.json(Array("[1]".utf8)).body) == "[1]")
    }

    @Test(arguments: [
        ("/dashboard?a=1", "/dashboard?a=1"), ("/a b", "/a%20b"), ("/é", "/%C3%A9"),
        ("/\r\nX-Evil: 1", "/%0D%0AX-Evil:%201"),
    ])
    func `that sends elsewhere names one place`(place: String, location: String) {
        let response = Response.redirect(to: place)
        #expect(response.status == .seeOther)
        #expect(response.headers.values(for: .location) == [location])
    }

    @Test func `can be a page`() {
        let response = Response.html("<p>\("<b>")</p>", status: .forbidden)
        #expect(text(response.body) == "<p>&lt;b&gt;</p>")
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
    }

    @Test func `is made of an error in one place`() {
        struct Secret: Error { let password = "hunter2" }
        let unknown = Response(Secret())
        #expect(unknown.status == .internalServerError)
        #expect(text(unknown.body) == "Internal Server Error")

        let busy = Response(HTTPError.unavailable("Not now", retryAfterSeconds: 2))
        #expect(busy.status == .serviceUnavailable)
        #expect(text(busy.body) == "Not now")
        #expect(busy.headers[.retryAfter] == "2")

        #expect(text(Response(HTTPError(.notFound)).body) == "Not Found")
        #expect(HTTPError(.notFound).description == "404 Not Found")
    }

    @Test(
        arguments: [
            (.unsupportedMediaType, 415), (.tooLong, 413), (.tooManyFields, 400), (.malformedField, 400),
            (.malformedJSON, 400),
            (.duplicateField("a"), 400),
        ] as [(FormError, Int)]
    )
    func `tells what is wrong with a form by its status`(error: FormError, code: Int) {
        #expect(Response(error).status.code == code)
    }
}
