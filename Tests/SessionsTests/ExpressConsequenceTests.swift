import Testing
import Web

@testable import Sessions

/// What follows from express-session's decisions, and looks odd until one knows: kept in `express`, each with its test.
@Suite struct `A consequence of express-session's decisions` {
    private func visitor(
        store: any SessionStore = MemorySessionStore(),
        secrets: [String] = ["0123456789abcdef0123456789abcdef"],
        _ change: (inout SessionOptions) -> Void = { _ in }
    ) throws -> Visitor {
        var options = SessionOptions(.express)
        change(&options)
        return try Visitor(options, store: store, secrets: secrets)
    }

    private let read: SessionMiddleware.Endpoint = { _, session in .text(session[.user] ?? "nobody") }

    private let write: SessionMiddleware.Endpoint = { _, session in
        session[.user] = "alice"
        return .text(session.id)
    }

    /// The same browser and store under other options.
    private func later(_ visitor: Visitor, _ change: (inout SessionOptions) -> Void) throws -> Visitor {
        var options = SessionOptions(.express)
        change(&options)
        let other = try Visitor(options, store: visitor.store, clock: visitor.clock)
        other.jar = visitor.jar
        return other
    }

    @Test func `is that changed cookie settings alone are stored and not sent`() throws {
        let visitor = try visitor { $0.resave = false }
        try visitor.visit(write)
        let answer = try visitor.visit { _, session in
            session.cookie.httpOnly = false
            return .text("")
        }
        #expect(answer.cookies.isEmpty)
        #expect(try visitor.visit { _, session in .text("\(session.cookie.httpOnly)") }.text == "false")
    }

    @Test func `is that an untouched new session which is saved by hand is stored, and cannot be reached`()
        throws
    {
        let visitor = try visitor { $0.saveUninitialized = false }
        let answer = try visitor.visit { _, session in
            try session.save()
            return .text("")
        }
        #expect(answer.cookies.isEmpty)
        #expect(try visitor.count() == 1)
    }

    @Test func `is that a regenerated session is stored and sent, however empty`() throws {
        let visitor = try visitor { $0.saveUninitialized = false }
        let answer = try visitor.visit { _, session in
            try session.regenerate()
            return .text("")
        }
        #expect(answer.cookies.count == 1)
        #expect(try visitor.count() == 1)
    }

    @Test func `is that a session which was reloaded after another's write is written again`() throws {
        let store = WatchedStore()
        let visitor = try visitor(store: store) { $0.resave = false }
        try visitor.visit(write)
        let other = try later(visitor) { $0.resave = false }
        _ = store.take()
        try visitor.visit { _, session in
            try other.visit { _, session in
                session[.user] = "bob"
                return .text("")
            }
            #expect(store.takeWrites() == 1)
            try session.reload()
            return .text("")
        }
        #expect(store.takeWrites() == 1)
    }

    @Test func `is that another order of the names is a change`() throws {
        let store = WatchedStore()
        let visitor = try visitor(store: store) { $0.resave = false }
        try visitor.visit { _, session in
            session[.user] = "alice"
            session[.theme] = "dark"
            return .text("")
        }
        _ = store.take()
        try visitor.visit { _, session in
            session[.user] = nil
            session[.user] = "alice"
            return .text("")
        }
        #expect(store.takeWrites() == 1)
        #expect(
            try visitor.visit { _, session in .text(session.names.joined(separator: " ")) }.text
                == "theme user"
        )
    }

    @Test func `is that a dead cookie stays in the browser, and is looked up each time`() throws {
        let store = WatchedStore()
        let visitor = try visitor(store: store) { $0.saveUninitialized = false }
        try visitor.visit(write)
        try store.clear()
        for _ in 0..<2 {
            _ = store.take()
            #expect(try visitor.visit(read).cookies.isEmpty)
            #expect(store.take() == [.load])
        }
    }

    @Test func `is that a session keeps the cookie settings it began with`() throws {
        let visitor = try visitor { $0.cookie.httpOnly = false }
        try visitor.visit(write)
        let other = try later(visitor) {
            $0.rolling = true
            $0.cookie.sameSite = .strict
            $0.cookie.lifetime = .maxAge(1000)
        }
        #expect(try other.visit(read).cookies.first?.hasSuffix("; Path=/") == true)
    }

    @Test func `is that auto asks for the connection once, when the session begins`() throws {
        let visitor = try visitor {
            $0.rolling = true
            $0.cookie.secure = .auto
            $0.cookie.sameSite = .auto
        }
        #expect(try visitor.visit(write).cookies.first?.hasSuffix("; HttpOnly; SameSite=Lax") == true)
        visitor.isSecure = true
        #expect(try visitor.visit(read).cookies.first?.hasSuffix("; HttpOnly; SameSite=Lax") == true)
    }

    @Test(arguments: [("/foo", true), ("/foobar", true), ("/foo/", true), ("/fo", false), ("/%66oo", false)])
    func `is that a path counts as it was sent, and every path that begins so`(
        _ path: String,
        _ isThere: Bool
    )
        throws
    {
        let visitor = try visitor { $0.cookie.path = "/foo" }
        #expect(
            try visitor.visit(path) { _, session in .text("\(session.isPresent)") }.text == "\(isThere)"
        )
    }

    @Test func `is that the first cookie of the name counts, and no other`() throws {
        let visitor = try visitor()
        try visitor.visit(write)
        let good = try #require(visitor.jar["connect.sid"])
        visitor.jar = [:]
        for (field, user) in [
            ("connect.sid=s%3Abad.bad; connect.sid=\(good)", "nobody"),
            ("connect.sid=\(good); connect.sid=s%3Abad.bad", "alice"),
        ] {
            #expect(try visitor.visit("/", headers: [(.cookie, field)], read).text == user)
        }
    }

    @Test func `is that a fixed end slides on`() throws {
        let visitor = try visitor()
        let end = visitor.clock.now.advanced(byMilliseconds: 60_000)
        let other = try later(visitor) {
            $0.rolling = true
            $0.cookie.lifetime = .expires(end)
        }
        #expect(try other.visit(write).cookies.first?.contains("Expires=\(end.httpDate)") == true)
        other.clock.advance(seconds: 10)
        let moved = end.advanced(byMilliseconds: 10_000)
        #expect(try other.visit(read).cookies.first?.contains("Expires=\(moved.httpDate)") == true)
    }

    @Test func `is that a record is stored whose Secure cookie is withheld`() throws {
        let visitor = try visitor { $0.cookie.secure = .on }
        #expect(try visitor.visit(write).cookies.isEmpty)
        #expect(try visitor.count() == 1)
    }

    @Test func `is that a cookie of an old secret is signed anew when one is due, and not before`() throws {
        let (old, new) = (String(repeating: "o", count: 32), String(repeating: "n", count: 32))
        let before = try visitor(secrets: [old])
        try before.visit(write)
        let after = try Visitor(
            before.options,
            store: before.store,
            clock: before.clock,
            secrets: [new, old]
        )
        after.jar = before.jar
        let answer = try after.visit(read)
        #expect(answer.text == "alice" && answer.cookies.isEmpty)
    }

    @Test func `is that a session which is destroyed by hand under unset=destroy is asked for twice`() throws
    {
        let store = WatchedStore()
        let visitor = try visitor(store: store) { $0.unset = .destroy }
        try visitor.visit(write)
        _ = store.take()
        let answer = try visitor.visit { _, session in
            try session.destroy()
            return .text("")
        }
        #expect(answer.cookies.isEmpty && store.take() == [.load, .destroy, .destroy])
        #expect(try visitor.count() == 0)
    }

    @Test func `is that what a handler did before it failed is stored`() throws {
        let visitor = try visitor()
        let answer = try visitor.visit { _, session in
            session[.user] = "alice"
            throw HandlerFailure()
        }
        #expect(answer.status == .internalServerError && answer.cookies.count == 1)
        #expect(try visitor.visit(read).text == "alice")
    }
}
