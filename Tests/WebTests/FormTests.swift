import Testing
import Web

@Suite struct `A form` {
    @Test(arguments: [
        ("a=1", ["1"]), ("a=1&b=2&a=3", ["1", "3"]), ("a", [""]), ("a=", [""]), ("=1", []), ("", []),
        ("&&a=1&&", ["1"]),
        ("a=b=c", ["b=c"]), ("a=x+y%20z", ["x y z"]), ("%61=1", ["1"]), ("a=%26%3D", ["&="]),
        ("a=1;b=2", ["1;b=2"]),
        ("a[]=1", []), ("A=1", []), ("a=%C3%A9", ["é"]), ("a=é", ["é"]), ("a=\u{301}&b=1", ["\u{301}"]),
        ("b=1&\u{301}a=2", []),
        ("a=%0D%0A", ["\r\n"]), ("a+=1", []), ("a=%2541", ["%41"]), ("a\u{301}=1", []),
    ])
    func `gives the values of a field`(body: String, expected: [String]) throws {
        let form = try Form(urlEncoded: body.bytes)
        #expect(form.values("a") == expected)
    }

    @Test(arguments: [
        "a=%", "a=%z1", "a=%0", "%=1", "a=%00", "a=\0", "a=%ff", "a=%C0%AF", "a=%ED%A0%80", "b=1&a=%",
        "a%00b=1",
    ])
    func `is refused when it is malformed`(body: String) {
        #expect(throws: FormError.malformedField) { try Form(urlEncoded: body.bytes) }
    }

    @Test func `does not choose between doubles`() throws {
        let form = try Form(urlEncoded: "user=a&user=b&pass=c".bytes)
        #expect(throws: FormError.duplicateField("user")) { try form.value("user") }
        #expect(try form.value("pass") == "c")
        #expect(try form.value("none") == nil)
        #expect(form.count == 3)
    }

    @Test func `compares names by their bytes`() throws {
        let form = try Form(urlEncoded: "caf%C3%A9=1&cafe%CC%81=2".bytes)
        #expect(try form.value("caf\u{E9}") == "1")
        #expect(try form.value("cafe\u{301}") == "2")
    }

    @Test func `has bounds`() throws {
        let hundred = Array(repeating: "a=1", count: 100).joined(separator: "&")
        #expect(try Form(urlEncoded: hundred.bytes).count == 100)
        #expect(throws: FormError.tooManyFields) { try Form(urlEncoded: (hundred + "&a=1").bytes) }
        #expect(throws: FormError.tooLong) { try Form(urlEncoded: "a=1234".bytes, limits: .init(bytes: 5)) }
        #expect(throws: FormError.tooLong) { try Form(json: "{\"a\":\"\"}".bytes, limits: .init(bytes: 5)) }
        #expect(throws: FormError.tooManyFields) {
            try Form(json: #"{"a":"","b":""}"#.bytes, limits: .init(fields: 1))
        }
    }

    @Test func `may come as a JSON object of texts`() throws {
        let form = try Form(json: #" {"username":"j\u00f6hn","password":"p\"w"} "#.bytes)
        #expect(try form.value("username") == "jöhn")
        #expect(try form.value("password") == "p\"w")
    }

    @Test(arguments: [
        "", "[]", "null", "{\"a\":1}", "{\"a\":null}", "{\"a\":{}}", "{\"a\":[\"x\"]}",
        "{\"a\":\"1\",\"a\":\"2\"}",
        "{\"a\":\"1\",\"\\u0061\":\"2\"}", "{\"a\":\"1\"", "{\"a\":\"1\"}x", "{a:1}",
    ])
    func `is refused when the JSON is anything else`(body: String) {
        #expect(throws: FormError.malformedJSON) { try Form(json: body.bytes) }
    }

    @Test func `is refused when JSON hides a NUL`() {
        #expect(throws: FormError.malformedField) { try Form(json: #"{"a":"\u0000"}"#.bytes) }
        #expect(throws: FormError.malformedField) { try Form(json: #"{"\u0000":"a"}"#.bytes) }
    }

    @Test(arguments: [
        ("application/x-www-form-urlencoded", "a=1"),
        ("Application/X-WWW-Form-UrlEncoded; charset=UTF-8", "a=1"),
        ("application/json", "{\"a\":\"1\"}"), ("application/json;charset=utf-8", "{\"a\":\"1\"}"),
    ])
    func `is read by the type of the body`(type: String, body: String) throws {
        let request = Request(.post, "/", headers: [(.contentType, type)], body: Array(body.utf8))
        #expect(try request.form().value("a") == "1")
    }

    @Test(arguments: [
        "", "text/plain", "multipart/form-data; boundary=x", "application/json, text/plain", "json",
        "application/json;=",
    ])
    func `is refused for a body of another type`(type: String) {
        let request = Request(.post, "/", headers: [(.contentType, type)], body: Array("a=1".utf8))
        #expect(throws: FormError.unsupportedMediaType) { try request.form() }
    }

    @Test func `is refused when there are two types`() {
        let body = Array("a=1".utf8)
        let form = (HTTPField.Name.contentType, "application/x-www-form-urlencoded")
        #expect((try? Request(.post, "/", headers: [form, form], body: body).form()) != nil)
        #expect(throws: FormError.unsupportedMediaType) {
            try Request(.post, "/", headers: [form, (.contentType, "text/plain")], body: body).form()
        }
        #expect(throws: FormError.unsupportedMediaType) { try Request(.post, "/", body: body).form() }
    }

    @Test func `may stand in the query`() throws {
        #expect(try Request(.get, "/login?return_to=%2Fa%3Fb").queryForm().value("return_to") == "/a?b")
    }

    @Test func `is read from any bytes without a trap, and comes back from its own spelling`() {
        var random = SeededRandom()
        for _ in 0..<10_000 {
            _ = try? Form(
                urlEncoded: random.bytes(upTo: 30, of: Array("ab=&%+0fF;[]".utf8) + [0, 0x80, 0xC3, 0xA9])[
                    ...
                ]
            )
            var scalars = String.UnicodeScalarView()
            for _ in 0..<6 {
                scalars.append(Unicode.Scalar(UInt32.random(in: 1...0xD7FF, using: &random)) ?? "a")
            }
            let value = String(scalars)
            let body = "a=" + PercentEncoding.encodeURIComponent(value)
            #expect(
                (try? Form(urlEncoded: body.bytes).value("a"))?.map { Array($0.utf8) } == Array(value.utf8)
            )
        }
    }
}
