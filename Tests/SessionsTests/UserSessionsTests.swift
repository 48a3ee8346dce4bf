import Synchronization
import Testing
import Web

@testable import Sessions

@Suite struct `The sessions of a user` {
    private func signIn(_ visitor: Visitor, as user: String) throws {
        try visitor.visit { _, session in
            try session.regenerate()
            session[.user] = user
            return .text("")
        }
        visitor.clock.advance(seconds: 1)
    }

    private func isSignedIn(_ visitor: Visitor) throws -> Bool {
        try visitor.visit { _, session in .text(session[.user] ?? "") }.text != ""
    }

    @Test func `are listed, the last used first, and nobody else's`() throws {
        let first = try Visitor()
        let second = try first.stranger()
        let other = try first.stranger()
        try signIn(first, as: "alice")
        try signIn(second, as: "alice")
        try signIn(other, as: "bob")
        let found = try first.store.sessions(ofUser: "alice", now: first.clock.now)
        #expect(found.count == 2 && found.allSatisfy { $0.user == "alice" })
        #expect(found[0].lastUsed > found[1].lastUsed)
        #expect(try first.store.sessions(ofUser: "carol", now: first.clock.now).isEmpty)
    }

    @Test func `end together but for the one that asks`() throws {
        let first = try Visitor()
        let second = try first.stranger()
        let third = try first.stranger()
        for visitor in [first, second, third] { try signIn(visitor, as: "alice") }
        let store = first.store
        try first.visit { _, session in
            let ended = try store.destroySessions(ofUser: "alice", except: session.storeKey)
            return .text("\(ended)")
        }
        #expect(try isSignedIn(first))
        #expect(try !isSignedIn(second))
        #expect(try !isSignedIn(third))
    }

    @Test func `are no more than allowed: the one used longest ago ends`() throws {
        var options = SessionOptions()
        options.maximumSessions = 2
        let first = try Visitor(options)
        let second = try first.stranger()
        let third = try first.stranger()
        try signIn(first, as: "alice")
        try signIn(second, as: "alice")
        #expect(try isSignedIn(first) && isSignedIn(second))
        try signIn(third, as: "alice")
        #expect(try !isSignedIn(first))
        #expect(try isSignedIn(second) && isSignedIn(third))
        // Signing in again takes the place of one's own session, and nobody else's.
        try signIn(third, as: "alice")
        #expect(try isSignedIn(second) && isSignedIn(third))
    }

    @Test func `leave the index when they sign in as somebody else`() throws {
        let visitor = try Visitor()
        try signIn(visitor, as: "alice")
        try signIn(visitor, as: "bob")
        #expect(try visitor.store.sessions(ofUser: "alice", now: visitor.clock.now).isEmpty)
        #expect(try visitor.store.sessions(ofUser: "bob", now: visitor.clock.now).count == 1)
    }

    @Test func `are told of as they come and go`() throws {
        let seen = Mutex<[String]>([])
        let clock = StillClock()
        let middleware = SessionMiddleware(
            store: MemorySessionStore(),
            secrets: try SessionSecrets([Array(repeating: 1, count: 32)]),
            now: { clock.now },
            onEvent: { event in seen.withLock { $0.append("\(event.kind.rawValue) \(event.user ?? "-")") } }
        )
        let jar = Mutex("")
        func visit(_ body: @escaping SessionMiddleware.Endpoint) throws {
            let response = try middleware(body)(Request(.get, "/", headers: [(.cookie, jar.withLock { $0 })]))
            if let line = response.cookies.first { jar.withLock { $0 = String(line.prefix { $0 != ";" }) } }
        }
        try visit { _, session in
            session[.user] = "alice"
            return .text("")
        }
        try visit { _, session in
            try session.regenerate(keepingData: true)
            return .text("")
        }
        clock.advance(seconds: 3600)
        try visit { _, _ in .text("") }
        let expected = ["created alice", "created alice", "destroyed alice", "expired alice"]
        #expect(seen.withLock { $0 } == expected)
    }
}
