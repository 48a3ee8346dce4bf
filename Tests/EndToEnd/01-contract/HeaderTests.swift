import TestBench
import Testing

extension EndToEnd {
    /// The fields that protect, on every route with every method in every form.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(2))) struct `01 the headers` {
        static let paths = ["/", "/login", "/dashboard", "/logout", "/latchkey.css", "/nothing"]
        static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"]

        private func check(_ answer: HTTPAnswer, _ path: String, _ comment: Comment) {
            let policy = answer.values("Content-Security-Policy")
            #expect(policy.count == 1, comment)
            for part in [
                "default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
            ] {
                #expect(policy.first?.contains(part) == true, comment)
            }
            #expect(policy.first?.contains("unsafe") == false, comment)
            #expect(policy.first?.contains("script-src") == false, comment)
            #expect(answer.values("X-Content-Type-Options") == ["nosniff"], comment)
            #expect(answer.values("X-Frame-Options") == ["DENY"], comment)
            #expect(answer.values("Referrer-Policy") == ["same-origin"], comment)
            #expect(answer.values("Cross-Origin-Opener-Policy") == ["same-origin"], comment)
            #expect(answer.values("Cross-Origin-Resource-Policy") == ["same-origin"], comment)
            let isStyle = path == "/latchkey.css" && answer.status == 200
            #expect(
                answer.values("Cache-Control") == [isStyle ? "public, max-age=86400" : "no-store"],
                comment
            )
            #expect(answer.field("X-Powered-By") == nil, comment)
            for name in ["Content-Type", "Content-Length", "Location", "Allow", "Date", "Server"] {
                #expect(answer.values(name).count <= 1, comment)
            }
            if [200, 401, 403, 404, 405, 501].contains(answer.status) {
                #expect(answer.field("Content-Type")?.isEmpty == false, comment)
            }
            // What stands in the head must fit into nginx's buffer (N9).
            let head = answer.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
            #expect(head < 4000, comment)
        }

        @Test(arguments: paths, Form.allCases) func `are on every answer`(_ path: String, _ form: Form) throws
        {
            let house = try House.current
            let member = house.visitor()
            for method in Self.methods {
                // What comes before may have signed out.
                if try member.get("/dashboard").status == 401 { try member.signIn() }
                for visitor in [house.visitor(), member] {
                    let body = method == "POST" ? HTTPBody.bytes([]) : .none
                    let answer = try visitor.send(method, path, form.accept, body: body)
                    check(answer, path, "\(method) \(path) as \(form.rawValue): \(answer.status)")
                    #expect(answer.status < 500 || answer.status == 501, "\(method) \(path)")
                }
            }
        }

        @Test func `are on the answers to signing in and out`() throws {
            for form in Form.allCases {
                let visitor = try House.current.visitor()
                let token = try visitor.get("/login", form.accept).token ?? ""
                let fields = [("username", "johnDoe"), ("password", "password123"), ("token", token)]
                let signedIn = try visitor.post("/login", fields, form.accept)
                #expect(signedIn.status == (form == .html ? 303 : 200))
                check(signedIn, "/login", "signing in as \(form.rawValue)")
                #expect(signedIn.field("Vary")?.contains("Cookie") == true)
                let dashboard = try visitor.get("/dashboard", form.accept)
                #expect(dashboard.field("Vary")?.contains("Cookie") == true)
                let refused = try visitor.post("/login", [("username", "x")], form.accept)
                check(refused, "/login", "half a form as \(form.rawValue)")
                let out = try visitor.get("/logout", form.accept)
                #expect(out.says(Sentence.loggedOut, in: form))
                check(out, "/logout", "signing out as \(form.rawValue)")
            }
        }

        @Test func `nothing that a client sends becomes a field`() throws {
            let house = try House.current
            let marks = [
                "\r\nX-Evil: 1", "\nX-Evil: 1", "\rX-Evil: 1", "\u{85}X-Evil: 1", "\u{2028}X-Evil: 1",
            ]
            for mark in marks {
                for form in Form.allCases {
                    let visitor = house.visitor()
                    let token = try visitor.get("/login", form.accept).token ?? ""
                    let bytes = visitor.request(
                        "POST",
                        "/login?return_to=" + HTTPBody.encoded("/x" + mark),
                        form.accept + [("Content-Type", "application/x-www-form-urlencoded")],
                        .form([
                            ("username", "a" + mark), ("password", "b" + mark), ("token", token),
                            ("return_to", "/x" + mark),
                        ])
                    )
                    let head = String(decoding: try visitor.raw(bytes), as: UTF8.self)
                        .split(separator: "\r\n\r\n", maxSplits: 1)[0]
                    #expect(!head.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("X-Evil") })
                }
            }
            let visitor = house.visitor()
            let denied = try visitor.get("/dashboard?%0d%0aX-Evil:%201", Form.html.accept)
            #expect(denied.field("X-Evil") == nil)
            #expect(denied.field("Location") == "/login?return_to=%2Fdashboard%3F%250d%250aX-Evil%3A%25201")
            // Nor a line of the log.
            #expect(!house.log.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("X-Evil") })
        }

        @Test(
            arguments: [
                "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='x",
                "</title><script>x",
                "</form><form action=//evil>", "&lt;b&gt;", "&#60;b&#62;", "{{7*7}}", "${7*7}", "<!--",
                "\u{202E}abc",
                "+ADw-script+AD4-", "\u{FEFF}<b>", "<svg/onload=x>", "javascript:x", "\u{0}", "\u{1}\u{1F}",
                "é́", "🔑<i>",
                "]]>", "\\u003cb\\u003e", "a\u{2028}b",
            ]
        )
        func `a name is shown as it is, never as a page`(_ name: String) throws {
            let visitor = try House.current.visitor()
            let token = try visitor.get("/login", Form.html.accept).token ?? ""
            let answer = try visitor.post(
                "/login",
                [("username", name), ("password", "x"), ("token", token)],
                Form.html.accept
            )
            #expect([400, 401].contains(answer.status))
            let before = try House.current.visitor().get("/login", Form.html.accept)
            // As many elements as without a name, and one more for the sentence.
            let opened = answer.text.count { $0 == "<" }
            #expect(opened <= before.text.count { $0 == "<" } + 8)
            for mark in ["<script", "<img", "<svg", "<b>", "<i>", "onerror=alert(1)>", "<form action=//"] {
                #expect(!answer.text.contains(mark))
            }
            guard answer.status == 401, let shown = answer.value(ofInput: "username") else { return }
            #expect(!shown.contains("<"))
            #expect(!shown.contains(">"))
        }
    }
}
