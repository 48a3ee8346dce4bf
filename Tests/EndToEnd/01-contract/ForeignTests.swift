import TestBench
import Testing

extension EndToEnd {
    /// Requests that another site made a browser send, and forms that are not ours.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(2))) struct `01 forms of others` {
        private static let name = [("username", "johnDoe"), ("password", "password123")]

        /// What browsers say of a request that another site caused.
        static let foreign: [[(String, String)]] = [
            [("Sec-Fetch-Site", "cross-site")],
            [("Sec-Fetch-Site", "same-site")],
            [("Sec-Fetch-Site", "cross-site"), ("Origin", "http://localhost")],
            [("Sec-Fetch-Site", "CROSS-SITE")],
            [("Sec-Fetch-Site", "")],
            [("Origin", "https://evil.example")],
            [("Origin", "null")],
            [("Origin", "")],
            [("Origin", "http://localhost.evil.example")],
            [("Origin", "http://evillocalhost")],
            [("Origin", "https://localhost")],
            [("Origin", "http://localhost:1")],
            [("Origin", "http://localhost@evil.example")],
            [("Origin", "localhost")],
        ]

        @Test(arguments: foreign, Form.allCases)
        func `signing in from another site is refused`(_ headers: [(String, String)], _ form: Form) throws {
            let visitor = try House.current.visitor()
            // Even with a token that is right.
            let token = try visitor.get("/login", Form.html.accept).token ?? ""
            let answer = try visitor.post("/login", Self.name + [("token", token)], form.accept + headers)
            #expect(answer.status == 403)
            #expect(answer.says("This request came from another site.", in: form))
            #expect(visitor.jar["sid"] == nil)
            #expect(try visitor.get("/dashboard").status == 401)
        }

        @Test(arguments: foreign, Form.allCases)
        func `signing out from another site is refused`(_ headers: [(String, String)], _ form: Form) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            let token = try visitor.get("/dashboard", Form.html.accept).token ?? ""
            let answer = try visitor.post("/logout", [("token", token)], form.accept + headers)
            #expect(answer.status == 403)
            #expect(answer.values("Set-Cookie").isEmpty)
            #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
        }

        @Test(arguments: foreign, Form.allCases)
        func `a link on another site signs nobody out`(_ headers: [(String, String)], _ form: Form) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            let answer = try visitor.get("/logout", form.accept + headers)
            #expect(answer.status == 200)
            #expect(answer.values("Set-Cookie").isEmpty)
            #expect(!answer.text.contains(Sentence.loggedOut))
            #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
            guard form == .html else { return }
            // The button that is shown works.
            let out = try visitor.post("/logout", [("token", answer.token ?? "")], Form.html.accept)
            #expect(out.says(Sentence.loggedOut, in: .html))
        }

        @Test func `a browser that says the request is its own is served`() throws {
            let house = try House.current
            let port = house.nginx.port
            let own: [[(String, String)]] = [
                [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://localhost:\(port)")],
                [("Sec-Fetch-Site", "none")],
                [("Origin", "http://localhost:\(port)")],
                [("Origin", "http://LOCALHOST:\(port)")],
                [],
            ]
            for headers in own {
                let visitor = house.visitor()
                let token = try visitor.get("/login", Form.html.accept).token ?? ""
                let fields = Self.name + [("token", token)]
                let answer = try visitor.post("/login", fields, Form.html.accept + headers)
                #expect(answer.status == 303, "\(headers)")
                let page = try visitor.get("/dashboard", Form.html.accept)
                let out = try visitor.post(
                    "/logout",
                    [("token", page.token ?? "")],
                    Form.html.accept + headers
                )
                #expect(out.says(Sentence.loggedOut, in: .html), "\(headers)")
            }
        }

        @Test func `a browser's sign-in form needs its token`() throws {
            let house = try House.current
            let other = try house.visitor().get("/login", Form.html.accept).token ?? ""
            let session = house.visitor()
            try session.signIn()
            let signedIn = try session.get("/dashboard", Form.html.accept).token ?? ""
            let tokens: [String?] = [
                nil, "", "x", other, signedIn, String(other.dropLast()), other + "A", "0", "null",
                String(repeating: "a", count: 5000),
            ]
            for token in tokens {
                let visitor = house.visitor()
                let mine = try visitor.get("/login", Form.html.accept)
                let fields = Self.name + (token.map { [("token", $0)] } ?? [])
                let answer = try visitor.post("/login", fields, Form.html.accept)
                #expect(answer.status == 403, "\(token?.prefix(60) ?? "none")")
                #expect(answer.text.contains("This form is too old. Please try again."))
                #expect(visitor.jar["sid"] == nil)
                #expect(try visitor.get("/dashboard").status == 401)
                // The form that comes with the refusal is good, and so is the first.
                for good in [answer.token, mine.token] {
                    let again = try visitor.post(
                        "/login",
                        Self.name + [("token", good ?? "")],
                        Form.html.accept
                    )
                    #expect(again.status == 303)
                }
            }
            // Without the cookie the right token is worth nothing.
            let visitor = house.visitor()
            let token = try visitor.get("/login", Form.html.accept).token ?? ""
            visitor.jar = CookieJar()
            let answer = try visitor.post("/login", Self.name + [("token", token)], Form.html.accept)
            #expect(answer.status == 403)
        }

        @Test func `several tabs share one cookie, and all forms are good`() throws {
            let visitor = try House.current.visitor()
            let first = try visitor.get("/login", Form.html.accept)
            let second = try visitor.get("/login", Form.html.accept)
            #expect(first.values("Set-Cookie").count == 1)
            #expect(second.values("Set-Cookie").isEmpty)
            for token in [second.token, first.token] {
                let answer = try visitor.post(
                    "/login",
                    Self.name + [("token", token ?? "")],
                    Form.html.accept
                )
                #expect(answer.status == 303)
            }
        }

        @Test func `a browser's sign-out form needs its token`() throws {
            let house = try House.current
            let other = house.visitor()
            try other.signIn("janeSmith", "securePass")
            let foreign = try other.get("/dashboard", Form.html.accept).token ?? ""
            let visitor = house.visitor()
            let before = try visitor.get("/login", Form.html.accept).token ?? ""
            try visitor.signIn()
            let old = try visitor.get("/dashboard", Form.html.accept).token ?? ""
            // Signing in anew gives a new session: what belonged to the old one is over.
            try visitor.signIn()
            let cases = [
                [], [("token", "")], [("token", "x")], [("token", foreign)], [("token", before)],
                [("token", old)],
            ]
            for fields in cases {
                let answer = try visitor.post("/logout", fields, Form.html.accept)
                #expect(answer.status == 403)
                #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
            }
            let empty = try visitor.send("POST", "/logout", Form.html.accept, body: .bytes([]))
            #expect(empty.status == 403)
            let double = try visitor.post("/logout", [("token", old), ("token", old)], Form.html.accept)
            #expect(double.status == 400)
            #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
        }

        @Test(arguments: ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
        func `a form of another type is refused`(_ type: String) throws {
            let visitor = try House.current.visitor()
            for form in Form.allCases {
                let answer = try visitor.send(
                    "POST",
                    "/login",
                    form.accept + [("Content-Type", type)],
                    body: .form(Self.name)
                )
                #expect(answer.status == 415)
            }
            #expect(visitor.jar["sid"] == nil)
        }

        @Test func `no method but POST signs in, whatever a header says`() throws {
            let visitor = try House.current.visitor()
            let query = "/login?username=johnDoe&password=password123"
            for headers in [[], [("X-HTTP-Method-Override", "POST")], [("X-Method-Override", "POST")]] {
                _ = try visitor.get(query, headers)
            }
            let type = ("Content-Type", "application/x-www-form-urlencoded")
            _ = try visitor.send("PUT", "/login", [type], body: .form(Self.name))
            _ = try visitor.send("GET", "/login", [type], body: .form(Self.name))
            #expect(visitor.jar["sid"] == nil)
        }
    }
}
