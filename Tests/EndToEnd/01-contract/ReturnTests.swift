import Foundation
import TestBench
import Testing

extension EndToEnd {
    /// Where signing in leads to: a path of this site, however the wish is spelt.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(2))) struct `01 the way back` {
        /// Goals that some browser or proxy has taken for another host, or that lead in a circle.
        static let hostile = [
            "//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..",
            "/\\evil.example",
            "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/\t/evil.example",
            "/\u{0B}/evil.example",
            "/ /evil.example", "\t//evil.example", " //evil.example", "/%09/evil.example",
            "/%0b/evil.example",
            "/%5cevil.example", "/%5C/evil.example", "/%2fevil.example", "/%2Fevil.example",
            "/%2f%2fevil.example",
            "/.//evil.example", "/..//evil.example", "/%2e//evil.example", "/%2e%2e//evil.example",
            "/./\\evil.example", "/a/..//evil.example", "/../evil.example", "/./evil.example",
            "/x//evil.example",
            "https:evil.example", "https:/evil.example", "https://evil.example", "HTTPS://evil.example",
            "http://localhost@evil.example/", "http://localhost/dashboard", "http:dashboard",
            "ftp://evil.example",
            "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
            "vbscript:x",
            "mailto:x@evil.example", "evil.example", "@evil.example", ".evil.example", "?x=1", "#x", "", " ",
            "/dashboard\r\nX-Evil: 1", "/dashboard\nX-Evil: 1", "/dashboard\rX-Evil: 1", "/%0d%0aX-Evil:%201",
            "/%0aX-Evil:1", "/\r\n\r\n<script>alert(1)</script>", "/dash\u{0}board", "/%00", "/a%00/b",
            "/\u{7F}", "/%7f",
            "/\u{2215}/evil.example", "/\u{2044}evil.example", "/\u{FF0F}evil.example",
            "\u{FF0F}\u{FF0F}evil.example",
            "/\u{3002}evil.example", "/\u{202E}evil", "/\u{00A0}/evil.example", "/\u{AD}/evil.example",
            "/%zz", "/%2", "/%",
            "/login", "/login?return_to=/login", "/login?return_to=//evil.example", "/logout", "/logout?x",
            "/%6cogin",
            "/%6Cogout", "/login#x", "/" + String(repeating: "a", count: 4096),
            "/dashboard?x=\"><script>alert(1)</script> ", "/\" onmouseover=\"x",
        ]

        static let good = [
            "/dashboard", "/", "/wiki/", "/wiki/Main_Page?action=edit&section=2", "/a/b/c",
            "/x?u=http://evil.example",
            "/x?u=//evil.example", "/x?a=%2F%2Fevil.example", "/%C3%A9t%C3%A9", "/a:b@c", "/x?q=a+b%20c",
            "/x;y=1",
            "/x?return_to=%2Fy", "/loginx", "/login/x", "/x#part", "/~me/", "/dashboard?x=%22%3E%3Cscript%3E",
            "/x?a='b'",
        ]

        /// The host that a client would go to: once as RFC 3986 resolves it, once as browsers do, for whom `\` is `/` and tabs
        /// and line ends are nothing (WHATWG URL, 4.4).
        private func hosts(_ location: String) -> [String?] {
            let base = URL(string: "http://localhost:8080/login")
            let browsers = location.filter { !"\t\n\r".contains($0) }.replacing("\\", with: "/")
            return [location, browsers].map { URL(string: $0, relativeTo: base)?.host() }
        }

        private func land(_ goal: String) throws -> (page: HTTPAnswer, answer: HTTPAnswer) {
            let visitor = try House.current.visitor()
            let page = try visitor.get("/login?return_to=" + HTTPBody.encoded(goal), Form.html.accept)
            let fields = [
                ("username", "johnDoe"), ("password", "password123"), ("token", page.token ?? ""),
                ("return_to", goal),
            ]
            return (page, try visitor.post("/login", fields, Form.html.accept))
        }

        @Test(arguments: hostile) func `leads to the dashboard instead of`(_ goal: String) throws {
            let (page, answer) = try land(goal)
            if page.status == 200 {
                #expect(page.value(ofInput: "return_to") == nil)
                #expect(!page.text.contains("<script"))
            } else {
                // A NUL, or a query that is no query.
                #expect(page.status == 400)
            }
            if answer.status == 303 {
                #expect(answer.values("Location") == ["/dashboard"])
            } else {
                #expect(answer.status == 400)
                #expect(answer.field("Location") == nil)
            }
            #expect(answer.field("X-Evil") == nil)
        }

        @Test(arguments: good) func `leads to`(_ goal: String) throws {
            let (page, answer) = try land(goal)
            #expect(
                page.value(ofInput: "return_to")
                    == goal.replacing("&", with: "&amp;").replacing("'", with: "&#39;")
            )
            #expect(answer.status == 303)
            let location = try #require(answer.field("Location"))
            #expect(location == goal)
            #expect(hosts(location) == ["localhost", "localhost"])
        }

        @Test func `what the dashboard says of the way back leads back`() throws {
            let visitor = try House.current.visitor()
            let refused = try visitor.get("/dashboard?a=1&b=%2F%2F&c=%E2%82%AC", Form.html.accept)
            let page = try visitor.get(try #require(refused.field("Location")), Form.html.accept)
            let answer = try visitor.post(
                "/login",
                [
                    ("username", "johnDoe"), ("password", "password123"), ("token", page.token ?? ""),
                    ("return_to", (page.value(ofInput: "return_to") ?? "").replacing("&amp;", with: "&")),
                ],
                Form.html.accept
            )
            #expect(answer.field("Location") == "/dashboard?a=1&b=%2F%2F&c=%E2%82%AC")
        }

        @Test func `a failed try keeps the way back`() throws {
            let visitor = try House.current.visitor()
            let page = try visitor.get("/login?return_to=%2Fwiki", Form.html.accept)
            let answer = try visitor.post(
                "/login",
                [
                    ("username", "who-am-i"), ("password", "x"), ("token", page.token ?? ""),
                    ("return_to", "/wiki"),
                ],
                Form.html.accept
            )
            #expect(answer.status == 401)
            #expect(answer.value(ofInput: "return_to") == "/wiki")
            #expect(answer.text.contains("name=\"username\" value=\"who-am-i\""))
        }
    }
}
