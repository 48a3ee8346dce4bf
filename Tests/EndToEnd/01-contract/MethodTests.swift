import TestBench
import Testing

extension EndToEnd {
    /// What each path says to each method, and what paths there are.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(2))) struct `01 paths and methods` {
        static let allowed = [
            "/": "GET, HEAD, OPTIONS",
            "/latchkey.css": "GET, HEAD, OPTIONS",
            "/login": "GET, HEAD, OPTIONS, POST",
            "/dashboard": "GET, HEAD, OPTIONS",
            "/logout": "GET, HEAD, OPTIONS, POST",
        ]

        private func sorted(_ allow: String?) -> String? {
            allow.map { $0.split(separator: ", ").sorted().joined(separator: ", ") }
        }

        @Test(arguments: allowed.keys.sorted(), Form.allCases)
        func `a method that a path does not have is 405 with Allow`(_ path: String, _ form: Form) throws {
            let allow = try #require(Self.allowed[path])
            for method in ["POST", "PUT", "DELETE", "PATCH"] where !allow.contains(method) {
                let answer = try House.current.visitor().send(method, path, form.accept, body: .bytes([]))
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(sorted(answer.field("Allow")) == allow, "\(method) \(path)")
                #expect(answer.field("Content-Type") == form.contentType)
                #expect(answer.says("Method Not Allowed", in: form))
            }
        }

        @Test(arguments: allowed.keys.sorted()) func `OPTIONS tells the methods`(_ path: String) throws {
            let answer = try House.current.visitor().send("OPTIONS", path)
            #expect(answer.status == 204)
            #expect(sorted(answer.field("Allow")) == Self.allowed[path])
            #expect(answer.body.isEmpty)
        }

        @Test(arguments: allowed.keys.sorted(), Form.allCases)
        func `HEAD has the fields of GET and no body`(_ path: String, _ form: Form) throws {
            let visitor = try House.current.visitor()
            // Signing out by HEAD would be no answer to compare with.
            if path == "/dashboard" { try visitor.signIn() }
            let get = try visitor.get(path, form.accept)
            let head = try visitor.send("HEAD", path, form.accept)
            #expect(head.status == get.status)
            #expect(head.body.isEmpty)
            let silent = ["date", "set-cookie"]
            let wanted = get.fields.filter { !silent.contains($0.name.lowercased()) }
            #expect(head.fields.filter { !silent.contains($0.name.lowercased()) } == wanted)
            // All of it is there: nothing more waits on the connection.
            let bytes = try visitor.raw(visitor.request("HEAD", path, form.accept))
            #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\r\n\r\n"))
        }

        @Test(arguments: ["FOO", "PROPFIND", "LOCK", "get", "Post"])
        func `a method that HTTP does not know is 501 at most, never a page`(_ method: String) throws {
            let answer = try House.current.visitor().send(method, "/dashboard", body: .bytes([]))
            #expect([400, 405, 501].contains(answer.status), "\(answer.status)")
            #expect(!answer.text.contains(Sentence.denied))
        }

        @Test(arguments: ["TRACE", "CONNECT"]) func `nginx itself refuses`(_ method: String) throws {
            let answer = try House.current.visitor().send(method, "/login")
            #expect([400, 405].contains(answer.status), "\(answer.status)")
        }

        @Test(
            arguments: [
                "/nothing", "/login/", "/LOGIN", "//login", "/login//", "/%6cogin", "/login%2f",
                "/dashboard;x",
                "/dashboard.", "/.", "/login.html", "/index.html", "/latchkey.css/", "/Dashboard",
                "/logout/x",
                "/auth/login", "/dashboard%20", "/x/../dashboard", "/x/%2e%2e/dashboard", "/~root",
                "/\u{00E9}",
            ],
            Form.allCases
        )
        func `a path that is spelt in another way is 404`(_ path: String, _ form: Form) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            let answer = try visitor.get(path, form.accept)
            #expect(answer.status == 404, "\(path): \(answer.status)")
            #expect(answer.field("Content-Type") == form.contentType)
            #expect(answer.says("Not Found", in: form))
            #expect(!answer.text.contains("johnDoe"))
        }

        @Test(arguments: ["/dashboard%00", "/%2e%2e/dashboard", "/%zz", "/\u{1}", "/a b"])
        func `a target that is no URI never shows a page`(_ path: String) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            let bytes = try visitor.raw(visitor.request("GET", path))
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 400") || text.hasPrefix("HTTP/1.1 404"), "\(text.prefix(40))")
            #expect(!text.contains("johnDoe"))
        }

        @Test func `the absolute form is the same request`() throws {
            let visitor = try House.current.visitor()
            let answer = try visitor.get("http://localhost/dashboard")
            #expect(answer.status == 401)
            #expect(answer.text == Sentence.denied)
        }

        @Test func `the style is a style, and caches may keep it`() throws {
            let answer = try House.current.visitor().get("/latchkey.css")
            #expect(answer.status == 200)
            #expect(answer.field("Content-Type") == "text/css; charset=utf-8")
            #expect(answer.field("Cache-Control") == "public, max-age=86400")
            #expect(answer.text.contains("prefers-color-scheme: dark"))
        }

        @Test func `what is liked best is what comes`() throws {
            let visitor = try House.current.visitor()
            let cases: [(String?, Form)] = [
                (nil, .text), ("*/*", .text), ("", .text), ("text/plain", .text), ("image/png", .text),
                ("application/json", .json), ("application/json;charset=utf-8", .json),
                ("text/html", .html), ("text/html;q=0.1, application/json;q=0.9", .json),
                ("text/html;q=0.9, application/json;q=0.1", .html), ("text/html;q=0, */*", .text),
                ("application/json, text/html", .html), ("TEXT/HTML", .html), ("text/htmlx", .text),
                (";;,,garbage/\"", .text),
            ]
            for (accept, form) in cases {
                let answer = try visitor.get("/", accept.map { [("Accept", $0)] } ?? [])
                #expect(answer.field("Content-Type") == form.contentType, "\(accept ?? "no Accept")")
                #expect(answer.field("Vary")?.contains("Accept") == true)
            }
        }
    }
}
