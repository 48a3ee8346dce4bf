import TestBench
import Testing

extension `in a browser` {
    @Suite struct `signing out` {
        @Test func `the button says so, and the dashboard is refused afterwards`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try tab.signIn()
                try tab.wait(for: "/dashboard")
                try tab.signOut()
                try tab.wait(for: "/logout")
                #expect(try tab.text.contains("You have been logged out."))
                try tab.visit("/dashboard")
                #expect(try tab.path.hasPrefix("/login"))
                #expect(try tab.showsForm)
                #expect(try !tab.source.contains("johnDoe"))
            }
        }

        @Test func `the back button shows nothing private afterwards`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try tab.signIn()
                try tab.wait(for: "/dashboard")
                try tab.reload()
                try tab.signOut()
                try tab.wait(for: "/logout")
                for _ in 0..<2 {
                    try tab.goBack()
                    #expect(try tab.showsForm)
                    #expect(try !tab.source.contains("johnDoe"))
                }
            }
        }

        /// A change of one HttpOnly cookie after a sign-in goes unnoticed by chromium's back/forward cache.
        ///
        /// It keeps pages with `no-store` until such a cookie changes. It takes the cookies of an answer off the changes of the page
        /// that the answer leads to, the redirect's too, so that the first change after the dashboard does not count; a second does.
        @Test func `nor does it right after the sign-in that led to the dashboard`() throws {
            try House.visitor { tab in
                try tab.visit("/login")
                try tab.signIn()
                try tab.wait(for: "/dashboard")
                try tab.signOut()
                try tab.wait(for: "/logout")
                try tab.goBack()
                let (showsForm, source) = (try tab.showsForm, try tab.source)
                #expect(showsForm)
                #expect(!source.contains("johnDoe"))
            }
        }

        @Test func `another tab finds itself signed out too`() throws {
            try House.visitor { first in
                try first.visit("/login")
                try first.signIn()
                try first.wait(for: "/dashboard")
                let second = try Tab.open(first.browser, first.site)
                try second.visit("/dashboard")
                #expect(try second["h1"].text == "Welcome back, johnDoe")
                try second.signOut()
                try first.look()
                try first.reload()
                #expect(try first.showsForm)
                #expect(try !first.source.contains("Welcome back"))
            }
        }

        @Test func `a button pressed after the other tab signed out says that there is no session`() throws {
            try House.visitor { first in
                try first.visit("/login")
                try first.signIn()
                try first.wait(for: "/dashboard")
                let second = try Tab.open(first.browser, first.site)
                try second.visit("/dashboard")
                try second.signOut()
                try first.look()
                try first.signOut()
                #expect(try first.text.contains("No active session found."))
            }
        }
    }
}
