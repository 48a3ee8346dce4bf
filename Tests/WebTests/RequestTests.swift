import Testing
import Web

@Suite struct `A request` {
    private static func made(_ pairs: [(String, String)]) -> Request {
        var parameters = RequestParameters()
        for (name, value) in pairs { parameters.append(name, value) }
        return Request(parameters: parameters)
    }

    @Test(arguments: [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "FOO", "get",
        "M-SEARCH",
    ])
    func `has the method that was sent`(method: String) {
        #expect(Self.made([("REQUEST_METHOD", method)]).method.rawValue == method)
    }

    @Test(arguments: ["", "G ET", "GET\r\n", "GET\u{301}", "/", "GÉT"])
    func `with a method that is no token has one that no route can have`(method: String) {
        #expect(Self.made([("REQUEST_METHOD", method)]).method.rawValue == "-")
        #expect(Self.made([]).method.rawValue == "-")
    }

    @Test(arguments: [
        ("/x?a=1", "/x", "a=1", "/x?a=1"), ("", "/", "", "/"), ("/", "/", "", "/"), ("/a?", "/a", "", "/a"),
        ("/a?b?c", "/a", "b?c", "/a?b?c"), ("?a=1", "/", "a=1", "/?a=1"), ("*", "*", "", "*"),
        ("http://host/x?a=1", "/x", "a=1", "/x?a=1"), ("HTTPS://u@host:1/x", "/x", "", "/x"),
        ("http://host", "/", "", "/"), ("http://host?a=1", "/", "a=1", "/?a=1"),
        ("//host/x", "//host/x", "", "//host/x"),
        ("/a://b", "/a://b", "", "/a://b"), ("://x/y", "://x/y", "", "://x/y"),
        ("1 2://x/y", "1%202://x/y", "", "1%202://x/y"),
        ("/a%2Fb", "/a%2Fb", "", "/a%2Fb"), ("/a;b", "/a;b", "", "/a;b"),
        ("/x?a=%26", "/x", "a=%26", "/x?a=%26"),
        ("/é?ü", "/%C3%A9", "ü", "/%C3%A9?%C3%BC"), ("/a\r\nb", "/a%0D%0Ab", "", "/a%0D%0Ab"),
        ("/a?\u{301}b", "/a", "\u{301}b", "/a?%CC%81b"), ("/a\u{7F}", "/a%7F", "", "/a%7F"),
    ])
    func `has a path and a query`(uri: String, path: String, query: String, target: String) {
        let request = Self.made([("REQUEST_URI", uri)])
        #expect(request.path == path)
        #expect(text(request.query) == query)
        #expect(request.target == target)
    }

    @Test func `keeps different targets apart in text, whatever their bytes`() {
        var paths: Set<String> = []
        for byte in UInt8.min...UInt8.max where byte != 0x3F {
            var parameters = RequestParameters()
            parameters.append(name: Array("REQUEST_URI".utf8).span, value: [0x2F, byte].span)
            let request = Request(parameters: parameters)
            #expect(Array(request.pathBytes) == [0x2F, byte])
            paths.insert(request.path)
        }
        #expect(paths.count == 255)
    }

    @Test(arguments: [
        ([("HTTPS", "on")], true), ([("HTTPS", "ON")], true), ([("REQUEST_SCHEME", "https")], true),
        ([("HTTPS", "")], false), ([("HTTPS", "off")], false), ([("HTTPS", "1")], false),
        ([("REQUEST_SCHEME", "http")], false),
        ([("HTTP_HTTPS", "on"), ("HTTP_X_FORWARDED_PROTO", "https")], false),
        ([("HTTPS", ""), ("HTTPS", "on")], false), ([], false),
    ])
    func `is secure by what nginx says alone`(parameters: [(String, String)], isSecure: Bool) {
        #expect(Self.made(parameters).isSecure == isSecure)
    }

    @Test func `finds header fields by name`() {
        let request = Request(
            .get,
            "/",
            headers: [
                (.userAgent, "curl"), (.cookie, "a=1"), (.cookie, "b=2"), (.accept, "a"), (.accept, "b"),
            ],
            parameters: ["REMOTE_ADDR": "192.0.2.1"]
        )
        #expect(request.header(.userAgent) == "curl")
        #expect(request.header(.cookie) == "a=1; b=2")
        #expect(request.header(.accept) == "a, b")
        #expect(request.header(.origin) == nil)
        #expect(request.headerBytes("HTTP_COOKIE") == "a=1".bytes)
        #expect(request.remoteAddress == "192.0.2.1")
    }

    @Test func `takes length and type from CGI's own parameters`() {
        let request = Self.made([
            ("HTTP_CONTENT_TYPE", "text/html"), ("CONTENT_TYPE", "text/plain"), ("CONTENT_LENGTH", "12"),
        ])
        #expect(request.header(.contentType) == "text/plain")
        #expect(request.contentLength == 12)
        #expect(request.header(.contentLength) == "12")
    }

    @Test(arguments: ["", "-1", "+5", "0x10", "5 ", "99999999999999999999", "5, 5"])
    func `has no length when it is not a number`(length: String) {
        #expect(Self.made([("CONTENT_LENGTH", length)]).contentLength == nil)
    }

    @Test func `never takes bytes that are not UTF-8 for an absent field`() {
        var parameters = RequestParameters()
        parameters.append(name: Array("HTTP_ORIGIN".utf8).span, value: ([0xFF] as [UInt8]).span)
        #expect(Request(parameters: parameters).header(.origin) == "\u{FFFD}")
    }

    @Test func `made by hand is what nginx would send`() {
        let request = Request(.post, "/login?x=1", headers: [(.contentType, "text/plain")], body: [1, 2, 3])
        #expect(request.method == .post)
        #expect(request.path == "/login")
        #expect(request.contentLength == 3)
        #expect(request.contentType == .text)
        #expect(request.body == [1, 2, 3])
        #expect(Request(.get, "/", parameters: ["REQUEST_METHOD": "PUT"]).method == .put)
    }

    @Test func `is made of any bytes without a trap`() {
        var random = SeededRandom()
        let alphabet = Array("/?:#=&;%http ".utf8) + [0x00, 0x0D, 0x0A, 0x80, 0xFF]
        for _ in 0..<20_000 {
            var parameters = RequestParameters()
            let target = random.bytes(upTo: 24, of: alphabet)
            parameters.append(name: Array("REQUEST_URI".utf8).span, value: target.span)
            parameters.append(name: Array("REQUEST_METHOD".utf8).span, value: random.bytes(upTo: 5).span)
            let request = Request(parameters: parameters)
            #expect(!request.path.isEmpty)
            #expect(request.target.utf8.allSatisfy { 0x21...0x7E ~= $0 })
        }
    }
}
