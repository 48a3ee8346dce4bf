import Foundation
import Testing
import Web

@testable import Sessions

/// The cases of express-session that an HTTP client cannot see; the others are in ExpressCasesTests.
@Suite struct `An express session` {
    private func options(_ change: (inout SessionOptions) -> Void = { _ in }) -> SessionOptions {
        var options = SessionOptions(.express)
        change(&options)
        return options
    }

    private let read: SessionMiddleware.Endpoint = { _, session in
        .text("\(session[.user] ?? "nobody") \(session.id)")
    }

    private let write: SessionMiddleware.Endpoint = { _, session in
        session[.user] = "alice"
        return .text(session.id)
    }

    private func expiry(_ visitor: Visitor) throws -> UnixTime? {
        var found: UnixTime?
        try visitor.store.forEach { _, record in
            found = record.expires
            return true
        }
        return found
    }

    @Test func `1 · is made of public types: a middleware, a store, a session`() throws {
        let store: any SessionStore = MemorySessionStore()
        let secrets = try SessionSecrets([Array(repeating: 7, count: 32)])
        let middleware = SessionMiddleware(
            store: store,
            secrets: secrets,
            options: options(),
            now: { UnixTime(seconds: 0) }
        )
        let handler: Handler = middleware { (_, session: inout Session) in .text(session.state.rawValue) }
        #expect(try handler(Request(.get, "/")).text == "new")
    }

    @Test func `10 · is there for an empty address too`() throws {
        let visitor = try Visitor(options())
        let answer = try visitor.visit("", headers: [], read)
        #expect(answer.status == .ok && answer.cookies.count == 1)
    }

    @Test func `14 · lists the program's own names alone`() throws {
        let visitor = try Visitor(options())
        try visitor.visit { _, session in
            session[.theme] = "dark"
            session[.views] = 1
            session[SessionKey<String>("cookie")] = "lost"
            session[SessionKey<String>("__lastAccess")] = "lost"
            return .text("")
        }
        #expect(
            try visitor.visit { _, session in .text(session.names.joined(separator: " ")) }.text
                == "theme views"
        )
    }

    @Test func `21 · is stored with the expiry that is sent, which the next request moves`() throws {
        let visitor = try Visitor(options { $0.cookie.lifetime = .maxAge(1000) })
        let first = try visitor.visit(write)
        let stored = try #require(try expiry(visitor))
        #expect(first.cookies.first?.contains("Expires=\(stored.httpDate);") == true)
        visitor.clock.advance(milliseconds: 300)
        try visitor.visit(read)
        #expect(try expiry(visitor) == stored.advanced(byMilliseconds: 300))
    }

    @Test func `28 · is gone from the store when it has expired and is looked for`() throws {
        let visitor = try Visitor(options { $0.cookie.lifetime = .maxAge(5) })
        let id = try visitor.visit(write).text
        visitor.clock.advance(milliseconds: 10)
        #expect(try visitor.visit(read).text != "alice \(id)")
        // The memory store of express-session prunes when it lists; ours when it is swept.
        _ = try visitor.store.sweep(now: visitor.clock.now, forMilliseconds: 100)
        let old = try visitor.store.load(SessionStoreKey(id: id, for: visitor.store.traits))
        #expect(try old == nil && visitor.count() == 1)
    }

    @Test func `38 · does not take the Host field for a path`() throws {
        let visitor = try Visitor(options { $0.cookie.path = "/foo/bar" })
        let request = Request(
            .get,
            "/",
            parameters: ["HTTP_HOST": "http://foo/bar", "SERVER_NAME": "http://foo/bar"]
        )
        let answer = try visitor.middleware(read)(request)
        #expect(answer.status == .ok && answer.cookies.isEmpty)
    }

    @Test(arguments: [(nil, 1), (true, 1), (false, 0)] as [(Bool?, Int)])
    func `74 75 76 · is written again unchanged with resave, which is the default, and not without`(
        _ resave: Bool?,
        _ writes: Int
    ) throws {
        let store = WatchedStore()
        let visitor = try Visitor(options { if let resave { $0.resave = resave } }, store: store)
        try visitor.visit(write)
        #expect(store.takeWrites() == 1)
        #expect(try visitor.visit(read).text.hasPrefix("alice"))
        #expect(store.takeWrites() == writes)
    }

    @Test func `77 · is written without resave when it changed, and not by reads in between`() throws {
        let store = WatchedStore()
        let visitor = try Visitor(options { $0.resave = false }, store: store)
        try visitor.visit(write)
        #expect(store.take() == [.create])
        try visitor.visit(read)
        #expect(store.take() == [.load, .touch])
        try visitor.visit { _, session in
            session[.views] = 2
            return .text("")
        }
        #expect(store.takeWrites() == 1)
        try visitor.visit(write)
        #expect(store.takeWrites() == 0)
    }

    @Test func `79 · that cannot be touched is an answer of 503, not one that comes too late`() throws {
        let store = WatchedStore()
        let visitor = try Visitor(options { $0.resave = false }, store: store)
        try visitor.visit(write)
        store.fail([.touch])
        let answer = try visitor.visit(read)
        #expect(answer.status == .serviceUnavailable && answer.cookies.isEmpty)
    }

    @Test func `84 · that cannot be stored is an answer of 503 without a cookie`() throws {
        let store = WatchedStore()
        store.fail([.create, .update])
        let visitor = try Visitor(options(), store: store)
        let answer = try visitor.visit(write)
        #expect(answer.status == .serviceUnavailable && answer.cookies.isEmpty)
        #expect(try visitor.count() == 0)
    }

    @Test func `85 · that is new and untouched is not touched in the store`() throws {
        let store = WatchedStore()
        let visitor = try Visitor(options { $0.saveUninitialized = false }, store: store)
        #expect(try visitor.visit(read).cookies.isEmpty)
        #expect(store.take() == [])
    }

    @Test func `86 · needs at least one secret`() {
        #expect(throws: SessionSecrets.Failure.self) { try SessionSecrets([]) }
    }

    @Test func `92 · knows keep and destroy alone for what was let go of`() {
        for word in ["drop", "Destroy", "", "true"] {
            let error = #expect(throws: SessionError.self) {
                try SiteOptions("profile=express; unset=\(word)".utf8)
            }
            #expect(error?.message.contains("unset") == true)
        }
    }

    @Test func `96 · that cannot be destroyed at the end is an answer of 503`() throws {
        let store = WatchedStore()
        let visitor = try Visitor(options { $0.unset = .destroy }, store: store)
        try visitor.visit(write)
        store.fail([.destroy])
        let answer = try visitor.visit { _, session in
            session.unset()
            return .text("")
        }
        #expect(answer.status == .serviceUnavailable && answer.cookies.isEmpty)
        #expect(try visitor.count() == 1)
    }

    @Test func `109 · takes any number of reloads that fail, and is as it was`() throws {
        let visitor = try Visitor(options { $0.saveUninitialized = false })
        let answer = try visitor.visit { _, session in
            session[.user] = "alice"
            var failed = 0
            for _ in 0..<1000 {
                do throws(SessionError) { try session.reload() } catch {
                    failed += error.code == .reload ? 1 : 0
                }
            }
            try session.save()
            try session.reload()
            return .text("\(failed) \(session[.user] ?? "")")
        }
        #expect(answer.text == "1000 alice")
    }

    @Test(arguments: [true, false])
    func `111 113 · is not written a second time after save`(_ saveUninitialized: Bool) throws {
        let store = WatchedStore()
        let visitor = try Visitor(options { $0.saveUninitialized = saveUninitialized }, store: store)
        let saving: SessionMiddleware.Endpoint = { _, session in
            session[.views] = (session[.views] ?? 0) + 1
            try session.save()
            return .text("")
        }
        try visitor.visit(saving)
        #expect(store.takeWrites() == 1)
        try visitor.visit(saving)
        #expect(store.takeWrites() == 1)
    }

    @Test func `112 · is not written a second time after reload and save`() throws {
        let store = WatchedStore()
        let visitor = try Visitor(options(), store: store)
        try visitor.visit(write)
        _ = store.take()
        try visitor.visit { _, session in
            try session.reload()
            try session.save()
            return .text("")
        }
        #expect(store.takeWrites() == 1)
    }

    @Test func `114 · has its stored expiry moved by touch`() throws {
        let visitor = try Visitor(
            options {
                $0.cookie.lifetime = .maxAge(60_000); $0.resave = false
            }
        )
        try visitor.visit(write)
        let stored = try #require(try expiry(visitor))
        visitor.clock.advance(seconds: 2)
        let left = try visitor.visit { _, session in
            let before = session.maxAge ?? 0
            session.touch()
            return .text("\(before) \(session.maxAge ?? 0)")
        }
        #expect(left.text == "58000 60000")
        #expect(try expiry(visitor) == stored.advanced(byMilliseconds: 2000))
    }

    @Test func `119 · has no end that is no instant: the option is refused`() {
        for word in ["Invalid", "2026-13-01T00:00:00Z", "12345", "NaN"] {
            let error = #expect(throws: SessionError.self) {
                try SiteOptions("profile=express; expires=\(word)".utf8)
            }
            #expect(error?.code == .options && error?.message.contains("expires") == true)
        }
    }

    @Test func `127 · ends exactly maxAge after the answer`() throws {
        let visitor = try Visitor(options { $0.cookie.lifetime = .maxAge(2000) })
        let answer = try visitor.visit { _, session in
            visitor.clock.advance(milliseconds: 700)
            session[.user] = "alice"
            return .text("")
        }
        let end = visitor.clock.now.advanced(byMilliseconds: 2000)
        #expect(answer.cookies.first?.contains("Expires=\(end.httpDate);") == true)
        #expect(try expiry(visitor) == end)
    }

    @Test func `935 · that was regenerated and saved is written again, with its cookie as it became`() throws
    {
        // Number 935 of express-session's issues, kept in this profile.
        let store = WatchedStore()
        let visitor = try Visitor(options { $0.saveUninitialized = false }, store: store)
        try visitor.visit(write)
        _ = store.take()
        try visitor.visit { _, session in
            try session.regenerate()
            session[.user] = "alice"
            try session.save()
            session.maxAge = 30 * 86_400_000
            return .text("")
        }
        #expect(store.take() == [.load, .destroy, .create, .update])
        #expect(try expiry(visitor) == visitor.clock.now.advanced(byMilliseconds: 30 * 86_400_000))
    }

    @Test func `that ended while its handler ran is not touched alive again`() throws {
        let visitor = try Visitor(
            options {
                $0.cookie.lifetime = .maxAge(5000); $0.resave = false
            }
        )
        try visitor.visit(write)
        let answer = try visitor.visit { _, session in
            visitor.clock.advance(seconds: 6)
            return .text(session[.user] ?? "nobody")
        }
        #expect(answer.text == "alice")
        #expect(try visitor.visit(read).text.hasPrefix("nobody"))
    }
}
