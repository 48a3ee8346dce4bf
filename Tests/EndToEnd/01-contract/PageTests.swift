import TestBench
import Testing

extension EndToEnd {
    /// Every row of the table of pages, in each of its forms.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(2))) struct `01 the pages` {
        @Test(arguments: Form.allCases) func `the welcome is for everybody`(_ form: Form) throws {
            let answer = try House.current.visitor().get("/", form.accept)
            #expect(answer.status == 200)
            #expect(answer.says(Sentence.welcome, in: form))
            #expect(answer.field("Content-Type") == form.contentType)
            #expect(answer.values("Set-Cookie").isEmpty)
        }

        @Test func `the sign-in page has a form that needs no script`() throws {
            let visitor = try House.current.visitor()
            let page = try visitor.get("/login", Form.html.accept)
            #expect(page.status == 200)
            #expect(page.field("Content-Type") == Form.html.contentType)
            #expect(page.text.contains("<form method=\"post\" action=\"/login\">"))
            #expect(page.text.contains("name=\"username\""))
            #expect(page.text.contains("name=\"password\" type=\"password\""))
            #expect(page.text.contains("autocomplete=\"current-password\""))
            #expect(page.token?.isEmpty == false)
            #expect(!page.text.contains("<script"))
            #expect(!page.text.contains(" style="))
            for form in [Form.text, .json] {
                let answer = try visitor.get("/login", form.accept)
                #expect(answer.status == 200)
                #expect(answer.field("Content-Type") == form.contentType)
                #expect(answer.values("Set-Cookie").isEmpty)
            }
        }

        @Test(arguments: Form.allCases) func `the sign-in page says who is signed in`(_ form: Form) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            let answer = try visitor.get("/login?return_to=%2Fwiki%3Fpage%3D1", form.accept)
            #expect(answer.status == 200)
            #expect(answer.says("You are signed in as johnDoe.", in: form))
            if form == .html { #expect(answer.text.contains("href=\"/wiki?page=1\"")) }
        }

        @Test(arguments: [("johnDoe", "password123"), ("janeSmith", "securePass")], [Form.text, .json])
        func `signing in greets by name`(_ user: (String, String), _ form: Form) throws {
            let visitor = try House.current.visitor()
            let fields = [("username", user.0), ("password", user.1)]
            let answer = try visitor.post("/login", fields, form.accept)
            #expect(answer.status == 200)
            #expect(answer.says(Sentence.hello(user.0), in: form))
            #expect(answer.field("Content-Type") == form.contentType)
            #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack(user.0))
        }

        @Test func `signing in takes JSON`() throws {
            let visitor = try House.current.visitor()
            let body = Array(#"{"username":"johnDoe","password":"p\u0061ssword123"}"#.utf8)
            let type = ("Content-Type", "application/json; charset=utf-8")
            let answer = try visitor.send(
                "POST",
                "/login",
                Form.json.accept + [type],
                body: .bytes(body)
            )
            #expect(answer.status == 200)
            #expect(
                answer.text == #"{"message":"Hello, johnDoe. You have been logged in.","user":"johnDoe"}"#
            )
        }

        @Test func `signing in by the form goes on to the dashboard`() throws {
            let visitor = try House.current.visitor()
            let answer = try visitor.signInByForm()
            #expect(answer.status == 303)
            #expect(answer.field("Location") == "/dashboard")
            let dashboard = try visitor.get("/dashboard", Form.html.accept)
            #expect(dashboard.status == 200)
            #expect(dashboard.says(Sentence.welcomeBack("johnDoe"), in: .html))
        }

        @Test(arguments: Form.allCases) func `a wrong password and a wrong name are one answer`(_ form: Form)
            throws
        {
            var answers: [HTTPAnswer] = []
            for (name, password) in [("janeSmith", "securepass"), ("nobody-at-all", "password123")] {
                let visitor = try House.current.visitor()
                let page = try visitor.get("/login", form.accept)
                let fields = [("username", name), ("password", password), ("token", page.token ?? "")]
                let answer = try visitor.post("/login", fields, form.accept)
                #expect(answer.status == 401)
                #expect(answer.says(Sentence.rejected, in: form))
                #expect(answer.field("Content-Type") == form.contentType)
                #expect(answer.field("WWW-Authenticate")?.isEmpty == false)
                #expect(visitor.jar["sid"] == nil)
                #expect(try visitor.get("/dashboard").status == 401)
                answers.append(answer)
                // The account's failures are forgotten after a success.
                if name == "janeSmith" {
                    #expect(try House.current.visitor().signIn("janeSmith", "securePass").status == 200)
                }
            }
            #expect(answers[0].names == answers[1].names)
            if form != .html { #expect(answers[0].body == answers[1].body) }
        }

        @Test(arguments: Form.allCases) func `too many failed tries are held`(_ form: Form) throws {
            let visitor = try House.current.visitor()
            let name = "held-\(form.rawValue)"
            let token = try visitor.get("/login", form.accept).token ?? ""
            var answer: HTTPAnswer?
            for _ in 0..<6 {
                let fields = [("username", name), ("password", "guess"), ("token", token)]
                answer = try visitor.post("/login", fields, form.accept)
                if answer?.status != 401 { break }
            }
            let held = try #require(answer)
            #expect(held.status == 429)
            let seconds = try #require(held.field("Retry-After").flatMap { Int($0) })
            #expect((1...3600).contains(seconds))
            #expect(held.field("Content-Type") == form.contentType)
            // Others are not held by it.
            #expect(try House.current.visitor().signIn().status == 200)
        }

        @Test(arguments: Form.allCases) func `the dashboard welcomes who is signed in`(_ form: Form) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            for _ in 0..<2 {
                let answer = try visitor.get("/dashboard?x=1", form.accept)
                #expect(answer.status == 200)
                #expect(answer.says(Sentence.welcomeBack("johnDoe"), in: form))
                #expect(answer.field("Content-Type") == form.contentType)
                #expect(answer.field("Cache-Control") == "no-store")
            }
        }

        @Test(arguments: Form.allCases) func `the dashboard refuses who is not`(_ form: Form) throws {
            let answer = try House.current.visitor().get("/dashboard?tab=2&x=%20", form.accept)
            if form == .html {
                #expect(answer.status == 303)
                #expect(answer.field("Location") == "/login?return_to=%2Fdashboard%3Ftab%3D2%26x%3D%2520")
            } else {
                #expect(answer.status == 401)
                #expect(answer.says(Sentence.denied, in: form))
                #expect(answer.field("Content-Type") == form.contentType)
                #expect(answer.field("WWW-Authenticate")?.isEmpty == false)
            }
            #expect(answer.values("Set-Cookie").isEmpty)
        }

        @Test(arguments: Form.allCases, ["GET", "POST"])
        func `signing out ends the session and clears the cookie`(_ form: Form, _ method: String) throws {
            let visitor = try House.current.visitor()
            try visitor.signIn()
            let cookie = try #require(visitor.jar["sid"])
            let token = try visitor.get("/dashboard", form.accept).token
            let fields = token.map { [("token", $0)] } ?? []
            let answer =
                method == "GET"
                ? try visitor.get("/logout", form.accept)
                : try visitor.post("/logout", fields, form.accept)
            #expect(answer.status == 200)
            #expect(answer.says(Sentence.loggedOut, in: form))
            #expect(
                answer.values("Set-Cookie").contains(
                    "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax"
                )
            )
            #expect(visitor.jar["sid"] == nil)
            // The id itself is dead, whoever still has it.
            let thief = try House.current.visitor()
            thief.jar.plant("sid", cookie)
            #expect(try thief.get("/dashboard").text == Sentence.denied)
        }

        @Test(arguments: Form.allCases, ["GET", "POST"])
        func `signing out without a session says so`(_ form: Form, _ method: String) throws {
            let visitor = try House.current.visitor()
            let answer =
                method == "GET"
                ? try visitor.get("/logout", form.accept) : try visitor.post("/logout", [], form.accept)
            #expect(answer.status == 200)
            #expect(answer.says(Sentence.noSession, in: form))
        }

        @Test func `a site can lie below a path and have a title`() throws {
            let visitor = try House.current.visitorBelow()
            #expect(try visitor.get("/login").status == 404)
            let page = try visitor.get("/auth/login", Form.html.accept)
            #expect(page.status == 200)
            #expect(page.text.contains("action=\"/auth/login\""))
            #expect(page.text.contains("Our &quot;&lt;b&gt;&quot; intranet"))
            #expect(try visitor.get("/auth/latchkey.css").status == 200)
            let answer = try visitor.post(
                "/auth/login",
                [("username", "johnDoe"), ("password", "password123"), ("token", page.token ?? "")],
                Form.html.accept
            )
            #expect(answer.status == 303)
            #expect(answer.field("Location") == "/auth/dashboard")
            #expect(try visitor.get("/auth/dashboard").text == Sentence.welcomeBack("johnDoe"))
        }
    }
}
