import TestBench
import Testing

extension `in a browser` {
    @Suite struct `signing in` {
        @Test func `the right password leads to the dashboard`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try tab.signIn()
                try tab.wait(for: "/dashboard")
                #expect(try tab["h1"].text == "Welcome back, johnDoe")
                #expect(try tab["dd"].text.hasSuffix("GMT"))
            }
        }

        @Test func `a wrong password shows the sentence and the form again`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try tab.signIn("johnDoe", "password124")
                #expect(try tab["[role=alert]"].text == "Invalid username or password.")
                #expect(try tab.showsForm)
                #expect(try tab["input[name=username]"].property("value") == "johnDoe")
                #expect(try tab["input[name=password]"].property("value").isEmpty)
                // The form that came back is as good as the first one.
                try tab["input[name=password]"].type("password123")
                try tab["main form button"].press()
                try tab.wait(for: "/dashboard")
            }
        }

        @Test func `the dashboard leads to the form, and the form back to the page with its query`() throws {
            try House.visitor { tab in
                try tab.visit("/dashboard?a=1&b=2")
                #expect(try tab.path.hasPrefix("/login?return_to="))
                #expect(try tab.showsForm)
                #expect(try !tab.source.contains("Welcome back"))
                try tab.signIn()
                try tab.wait(for: "/dashboard?a=1&b=2")
                #expect(try tab["h1"].text == "Welcome back, johnDoe")
            }
        }

        @Test func `a wrong password on the way does not lose the page asked for`() throws {
            try House.visitor { tab in
                try tab.visit("/dashboard?a=1&b=2")
                try tab.signIn("johnDoe", "wrong")
                #expect(try tab["[role=alert]"].text == "Invalid username or password.")
                try tab["input[name=password]"].type("password123")
                try tab["main form button"].press()
                try tab.wait(for: "/dashboard?a=1&b=2")
            }
        }

        @Test func `two tabs whose forms were opened before either signed in both work`() throws {
            try House.visitor { first in
                try first.visit("/login")
                let second = try Tab.open(first.browser, first.site)
                try second.visit("/login")
                try first.look()
                try first.signIn()
                try first.wait(for: "/dashboard")
                try second.look()
                try second.signIn("janeSmith", "securePass")
                try second.wait(for: "/dashboard")
                #expect(try second["h1"].text == "Welcome back, janeSmith")
                // One browser has one session: the first window is whoever signed in last.
                try first.look()
                try first.reload()
                #expect(try first["h1"].text == "Welcome back, janeSmith")
            }
        }

        @Test func `a keyboard is enough to sign in and out`() throws {
            let (tabulator, enter) = ("\u{E004}", "\u{E007}")
            try House.visitor { tab in
                try tab.visit("/login")
                try Waiting.until("the focus of the name") { try tab.focused.property("name") == "username" }
                try tab.strike("johnDoe" + tabulator)
                #expect(try tab.focused.property("name") == "password")
                try tab.strike("password123" + tabulator)
                #expect(try tab.focused.text == "Sign in")
                try tab.strike(enter)
                try tab.wait(for: "/dashboard")
                try tab.strike(tabulator)
                #expect(try tab.focused.property("href") == tab.site + "/", "the name of the site is first")
                try tab.strike(tabulator)
                #expect(try tab.focused.text == "Sign out")
                try tab.strike(enter)
                try tab.wait(for: "/logout")
                #expect(try tab.text.contains("You have been logged out."))
            }
        }

        @Test func `Enter in the password sends the form`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try Waiting.until("the focus of the name") { try tab.focused.property("name") == "username" }
                try tab.strike("johnDoe\u{E004}password123\u{E007}")
                try tab.wait(for: "/dashboard")
            }
        }
    }
}
