import Testing
import Web

@Suite struct `A cookie that is set` {
    private static let time = UnixTime(milliseconds: 1_795_423_237_999)

    @Test func `has its attributes in express-session's order and spelling`() throws {
        let cookie = try SetCookie(
            name: "connect.sid",
            value: "s%3Aapple.D8Y%2B",
            domain: ".example.com",
            path: "/",
            expires: Self.time,
            httpOnly: true,
            secure: true,
            partitioned: true,
            priority: .high,
            sameSite: SetCookie.SameSite.none
        )
        #expect(
            cookie.headerValue == "connect.sid=s%3Aapple.D8Y%2B; Domain=.example.com; Path=/; "
                + "Expires=Mon, 23 Nov 2026 08:40:37 GMT; HttpOnly; Secure; Partitioned; Priority=High; SameSite=None"
        )
        let plain = try SetCookie(name: "connect.sid", value: "x", path: "/", httpOnly: true)
        #expect(plain.headerValue == "connect.sid=x; Path=/; HttpOnly")
        #expect(try SetCookie(name: "a", value: "").headerValue == "a=")
        #expect(try SetCookie(name: "a", value: "", domain: "", path: "").headerValue == "a=")
    }

    @Test func `spells every choice`() throws {
        var cookie = try SetCookie(name: "a", value: "b")
        let priorities = [(SetCookie.Priority.low, "Low"), (.medium, "Medium"), (.high, "High")]
        for (priority, word) in priorities {
            cookie.priority = priority
            #expect(cookie.headerValue == "a=b; Priority=\(word)")
        }
        cookie.priority = nil
        for (sameSite, word) in [(SetCookie.SameSite.strict, "Strict"), (.lax, "Lax"), (.none, "None")] {
            cookie.sameSite = sameSite
            #expect(cookie.headerValue == "a=b; SameSite=\(word)")
        }
    }

    @Test func `is refused for any byte that a name may not have`() {
        let tokens = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8(0)...0x7F {
            let name = String(UnicodeScalar(byte))
            #expect(((try? SetCookie(name: name, value: "")) != nil) == tokens.contains(byte), "\(byte)")
        }
        for name in ["", "é", "a\u{301}", "a b", "a\r\nb"] {
            #expect(throws: SetCookieError.invalidName) { try SetCookie(name: name, value: "") }
        }
    }

    @Test func `is refused for any byte that a value may not have`() {
        for byte in UInt8(0)...0x7F {
            let value = "x" + String(UnicodeScalar(byte))
            let isAllowed = 0x21...0x7E ~= byte && !Array("\",;\\".utf8).contains(byte)
            #expect(((try? SetCookie(name: "a", value: value)) != nil) == isAllowed, "\(byte)")
        }
        for value in ["é", "a\u{301}", "\"", "\"a", "a\"b", "a\r\nX: 1", "\"a\"\""] {
            #expect(throws: SetCookieError.invalidValue) { try SetCookie(name: "a", value: value) }
        }
        #expect((try? SetCookie(name: "a", value: "\"quoted\"")) != nil)
    }

    @Test(arguments: [
        "example.com", ".example.com", "EXAMPLE.com", "a", "a-b.c", "1.2.3.4", "xn--a",
        String(repeating: "a", count: 63),
    ])
    func `takes a domain of DNS labels`(domain: String) throws {
        #expect(try SetCookie(name: "a", value: "", domain: domain).headerValue == "a=; Domain=\(domain)")
    }

    @Test(arguments: [
        ".", "..a", "a..b", "a.", "-a", "a-", "a-.b", "a.-b", "é.com", "a b", "a;b", "a\r\nb", "a_b", "a:1",
        "[::1]", ".-a",
        String(repeating: "a", count: 64),
    ])
    func `is refused for any other domain`(domain: String) {
        #expect(throws: SetCookieError.invalidDomain) { try SetCookie(name: "a", value: "", domain: domain) }
    }

    @Test func `is refused for any byte that a path may not have`() {
        for byte in UInt8(0)...0x7F {
            let path = "/" + String(UnicodeScalar(byte))
            let isAllowed = 0x20...0x3A ~= byte || 0x3D...0x7E ~= byte
            #expect(((try? SetCookie(name: "a", value: "", path: path)) != nil) == isAllowed, "\(byte)")
        }
        #expect(throws: SetCookieError.invalidPath) { try SetCookie(name: "a", value: "", path: "/é") }
    }

    @Test func `is refused when browsers would drop it for its length`() throws {
        _ = try SetCookie(name: "a", value: String(repeating: "x", count: 4095))
        #expect(throws: SetCookieError.tooLong) {
            try SetCookie(name: "a", value: String(repeating: "x", count: 4096))
        }
        #expect(throws: SetCookieError.tooLong) {
            try SetCookie(name: "a", value: "", path: "/" + String(repeating: "x", count: 1024))
        }
        let labels = Array(repeating: String(repeating: "a", count: 60), count: 20).joined(separator: ".")
        #expect(throws: SetCookieError.tooLong) { try SetCookie(name: "a", value: "", domain: labels) }
    }

    @Test func `is a field of its own in a response`() throws {
        var response = Response()
        response.headers.append(.setCookie, "x=1")
        response.headers.append(try SetCookie(name: "a", value: "b", sameSite: .lax))
        #expect(response.headers.values(for: .setCookie) == ["x=1", "a=b; SameSite=Lax"])
    }
}
