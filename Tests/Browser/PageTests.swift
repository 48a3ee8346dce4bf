import Foundation
import TestBench
import Testing

extension `in a browser` {
    @Suite struct `the pages` {
        @Test func `the browser complains of no page`() throws {
            try House.visitor { tab in
                for path in ["/", "/login", "/dashboard", "/logout"] { try tab.visit(path) }
                try tab.visit("/login")
                try tab.signIn()
                try tab.wait(for: "/dashboard")
                try tab.visit("/login")
                #expect(try tab["h1"].text == "You are signed in as johnDoe.")
                try tab.visit("/")
                try tab.visit("/dashboard")
                try tab.signOut()
                #expect(try tab.complaints == [])
            }
        }

        @Test func `of a refusal it complains no more than that it is one`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try tab.signIn("janeSmith", "wrong")
                try tab.visit("/nowhere")
                let complaints = try tab.complaints
                // Chromium reports every status from 400 on, whatever the page is.
                #expect(complaints.count == 2, "\(complaints)")
                for (path, status) in [("/login", 401), ("/nowhere", 404)] {
                    let reported = complaints.contains {
                        $0.hasPrefix("SEVERE network \(tab.site)\(path) ")
                            && $0.contains("the server responded with a status of \(status)")
                    }
                    #expect(reported, "\(complaints)")
                }
            }
        }

        @Test func `a breach of the policy would be complained of`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                let script =
                    "const style = document.createElement('style'); style.textContent = 'p { color: red }'; document.head.append(style)"
                _ = try tab.run(script)
                let complaint = try Waiting.value("a complaint") { try tab.complaints.first }
                #expect(complaint.contains("Content Security Policy"))
            }
        }

        @Test func `all works without scripts`() throws {
            var options = Browser.Options()
            options.runsScripts = false
            try House.visitor(options) { tab in
                try tab.visit("/.bench/script")
                #expect(try tab.title == "still", "no script runs in this browser")
                try tab.visit("/")
                #expect(try tab.text.contains("Welcome! Session demo is working."))
                try tab.visit("/dashboard?a=1&b=2")
                try tab.signIn("johnDoe", "wrong")
                #expect(try tab.text.contains("Invalid username or password."))
                try tab["input[name=password]"].type("password123")
                try tab["main form button"].press()
                try tab.wait(for: "/dashboard?a=1&b=2")
                #expect(try tab["h1"].text == "Welcome back, johnDoe")
                try tab.signOut()
                try tab.wait(for: "/logout")
                #expect(try tab.text.contains("You have been logged out."))
            }
        }

        @Test func `scripts run in the browser of the other tests`() throws {
            try House.visitor { tab in
                try tab.visit("/.bench/script")
                #expect(try tab.title == "scripted")
            }
        }

        @Test func `assistive technology finds names for everything`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                #expect(try tab["input[name=username]"].label == "Username")
                #expect(try tab["input[name=password]"].label == "Password")
                #expect(try tab["main form button"].label == "Sign in")
                #expect(try tab["main"].role == "main")
                try tab.signIn("janeSmith", "wrong")
                #expect(try tab["#problem"].role == "alert")
                #expect(try tab["html"].property("lang") == "en")
            }
        }
    }
}
