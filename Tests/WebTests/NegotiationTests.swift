import Testing
import Web

@Suite struct `What a client accepts` {
    @Test(
        arguments: [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .html), ("*/*", .text),
            ("", .text),
            ("application/json", .json), ("application/json, text/plain, */*", .json),
            ("text/html, application/json", .html),
            ("text/html;q=0.5, application/json", .json), ("text/html;q=0.5, application/json;q=0.5", .html),
            ("text/*", .text),
            ("text/html;q=0", .text), ("text/html;q=0, application/json;q=0.1", .json), ("TEXT/HTML", .html),
            ("text/plain, text/html;q=0.9", .text), ("text/html;level=1", .html),
            ("application/json;charset=utf-8", .json),
            ("application/problem+json", .text), ("text/html;q=2", .text),
            ("text/html;q=a, application/json", .json),
            ("text/html ; Q=0.1 , */*", .html), ("text/html\u{301}", .text), (",,text/html", .html),
            ("garbage, text/html", .html), ("text/html;q=, application/json", .json), ("text/html;q", .text),
            ("text/html;x=\"a,b\";q=0.2, application/json;q=0.1", .html),
            ("text/html;x=\"a, application/json", .text),
            ("text/html , image/png", .html), ("text/html;q=0.001", .html), ("text/html;q=0.0001", .text),
            ("text/html;q=1.000", .html),
            ("text/html;q=1.001", .text),
        ] as [(String, Representation)]
    )
    func `decides on the form of the answer`(accept: String, expected: Representation) {
        #expect(Request(.get, "/", headers: [(.accept, accept)]).representation == expected)
    }

    @Test func `is text when nothing is said, and may be said in several fields`() {
        #expect(Request(.get, "/").representation == .text)
        let request = Request(
            .get,
            "/",
            headers: [(.accept, "application/json;q=0.5"), (.accept, "text/html")]
        )
        #expect(request.representation == .html)
    }

    @Test(
        arguments: [
            ("", "text/html"), ("*/*", "text/html"), ("application/*", "application/json"),
            ("text/html;q=0.1, */*;q=0.5", "application/json"),
            ("text/html;q=0, */*", "application/json"), ("image/png", nil), ("*/*;q=0", nil),
            ("text/*;q=0.3, application/json;q=0.2", "text/html"),
            ("text/*, text/html;q=0.1, application/json;q=0.2", "application/json"), ("*/json", nil),
        ] as [(String, String?)]
    )
    func `picks the best liked of what can be had`(accept: String, expected: String?) {
        let request = Request(.get, "/", headers: [(.accept, accept)])
        #expect(request.preferredType(of: [.html, .json])?.description == expected)
        #expect(Request(.get, "/").preferredType(of: [.json, .html]) == .json)
        #expect(request.preferredType(of: []) == nil)
    }

    @Test(
        arguments: [
            ("text/html", "text/html"), ("Text/HTML; Charset=\"utf-8\"", "text/html"),
            (" text/html ;;", "text/html"),
            ("a/b;c=d;e=\"f\\\"g\"", "a/b"), ("", nil), ("text", nil), ("text/", nil), ("/html", nil),
            ("text/html, text/plain", nil),
            ("text/html;charset", nil), ("text/html;charset=", nil), ("text/html;a=\"b", nil),
            ("text/html x", nil), ("*/*", nil),
            ("text/*", nil), ("text/html\u{301}", nil), ("text/html\r\n", nil), ("text/html;a=\"\\", nil),
        ] as [(String, String?)]
    )
    func `is said in media types`(field: String, expected: String?) {
        #expect(MediaType(field.bytes)?.description == expected)
    }

    @Test func `is read from any bytes without a trap`() {
        var random = SeededRandom()
        let alphabet = Array("text/html*,;q=01.\"\\ ".utf8) + [0x00, 0x80]
        for _ in 0..<20_000 {
            var parameters = RequestParameters()
            parameters.append(
                name: Array("HTTP_ACCEPT".utf8).span,
                value: random.bytes(upTo: 40, of: alphabet).span
            )
            _ = Request(parameters: parameters).representation
            _ = MediaType(random.bytes(upTo: 20, of: alphabet)[...])
        }
    }
}
