import Testing
import Web

@testable import Sessions

@Suite struct `A strict session` {
    @Test func `is neither stored nor sent while nobody writes to it`() throws {
        let visitor = try Visitor()
        let answer = try visitor.visit { _, session in .text("\(session.isNew) \(session[.views] ?? -1)") }
        #expect(answer.text == "true -1")
        #expect(answer.cookies.isEmpty)
        #expect(try visitor.count() == 0)
    }

    @Test func `comes back with its values`() throws {
        let visitor = try Visitor()
        let first = try visitor.visit { _, session in
            session[.user] = "żółw"
            session[.views, default: 0] += 1
            return .text("")
        }
        #expect(first.cookies.count == 1)
        #expect(first.cookies[0].hasPrefix("sid=s%3A"))
        #expect(first.cookies[0].hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
        #expect(first.headers[.cacheControl] == "no-store")
        let second = try visitor.visit { _, session in
            session[.views, default: 0] += 1
            return .text("\(session.state) \(session[.user] ?? "") \(session[.views] ?? 0)")
        }
        #expect(second.text == "loaded żółw 2")
        #expect(second.cookies.isEmpty)
        #expect(try visitor.count() == 1)
    }

    @Test func `has a Secure cookie with the Host prefix over TLS`() throws {
        let visitor = try Visitor()
        visitor.isSecure = true
        let answer = try visitor.visit(write)
        #expect(answer.cookies[0].hasPrefix("__Host-sid=s%3A"))
        #expect(answer.cookies[0].hasSuffix("; Path=/; HttpOnly; Secure; SameSite=Lax"))
    }

    @Test func `has the Secure prefix where a domain or path stands against Host`() throws {
        var options = SessionOptions()
        options.cookie.path = "/app"
        let visitor = try Visitor(options)
        visitor.isSecure = true
        #expect(try visitor.visit("/app/x", write).cookies[0].hasPrefix("__Secure-sid="))
    }

    @Test func `is never adopted under an id that the visitor brought`() throws {
        let visitor = try Visitor()
        let exchange = SessionCookieExchange(
            signer: CookieSigner(visitor.secrets),
            options: visitor.options,
            acceptsAnyID: false
        )
        // Well formed and rightly signed, but of no session.
        let planted = SessionID.random()
        visitor.jar["sid"] = exchange.value(planted)
        let answer = try visitor.visit { _, session in
            session[.user] = "alice"
            return .text("\(session.state) \(session.id)")
        }
        #expect(answer.text.hasPrefix("revoked ") && !answer.text.hasSuffix(planted))
        #expect(try visitor.store.load(SessionStoreKey(id: planted, for: visitor.store.traits)) == nil)
        #expect(try visitor.count() == 1)
    }

    @Test func `takes the first cookie that verifies and lives, of several with its name`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        let good = try #require(visitor.jar["sid"])
        visitor.jar = [:]
        for header in [
            "sid=rubbish; sid=\(good)", "sid=\(good); sid=rubbish", "sid=s%3Ax.y; SID=z; sid=\"\(good)\"",
        ] {
            let answer = try visitor.visit(headers: [(.cookie, header)]) { _, session in
                .text("\(session.state)")
            }
            #expect(answer.text == "loaded", "\(header)")
        }
    }

    @Test func `tells what became of the cookie`() throws {
        let visitor = try Visitor()
        #expect(try state(visitor) == .new)
        try visitor.visit(write)
        #expect(try state(visitor) == .loaded)
        let good = try #require(visitor.jar["sid"])
        visitor.jar["sid"] = good + "A"
        #expect(try state(visitor) == .tampered)
        #expect(visitor.jar["sid"] == nil)
        visitor.jar["sid"] = good
        visitor.clock.advance(seconds: 30 * 60)
        #expect(try state(visitor) == .expired)
        visitor.jar["sid"] = good
        try visitor.store.clear()
        #expect(try state(visitor) == .revoked)
        #expect(visitor.jar["sid"] == nil, "a dead cookie is taken away")
    }

    @Test func `ends after half an hour without use, and not before`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        for _ in 0..<3 {
            visitor.clock.advance(seconds: 29 * 60 + 59)
            #expect(try state(visitor) == .loaded)
        }
        visitor.clock.advance(seconds: 30 * 60)
        #expect(try state(visitor) == .expired)
    }

    @Test func `ends twelve hours after it began, however much it is used`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        for _ in 0..<71 {
            visitor.clock.advance(seconds: 600)
            #expect(try state(visitor) == .loaded)
        }
        visitor.clock.advance(seconds: 600)
        #expect(try state(visitor) == .expired)
    }

    @Test func `is touched once in a tenth of the idle time`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        let key = try #require(try onlyKey(visitor))
        let stored = try #require(try visitor.store.load(key))
        visitor.clock.advance(seconds: 179)
        #expect(try state(visitor) == .loaded)
        #expect(try visitor.store.load(key) == stored)
        visitor.clock.advance(seconds: 1)
        #expect(try state(visitor) == .loaded)
        let touched = try #require(try visitor.store.load(key))
        #expect(touched.payload == stored.payload)
        #expect(touched.lastUsed == visitor.clock.now)
        #expect(touched.expires == visitor.clock.now.advanced(byMilliseconds: 1_800_000))
    }

    @Test func `does not live on by requests that say they are no use`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        for _ in 0..<2 {
            visitor.clock.advance(seconds: 14 * 60)
            let answer = try visitor.visit { _, session in
                session.extendsLife = false
                return .text("\(session.state)")
            }
            #expect(answer.text == "loaded")
        }
        visitor.clock.advance(seconds: 2 * 60)
        #expect(try state(visitor) == .expired)
    }

    @Test func `gets a new id at login, and the old one is dead`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        let old = try visitor.sameBrowser()
        let answer = try visitor.visit { _, session in
            try session.regenerate()
            session[.user] = "bob"
            return .text("\(session.isNew)")
        }
        #expect(answer.text == "true" && answer.cookies.count == 1)
        #expect(visitor.jar["sid"] != old.jar["sid"])
        #expect(try state(old) == .revoked)
        #expect(try visitor.visit { _, session in .text(session[.user] ?? "") }.text == "bob")
        #expect(try visitor.count() == 1)
    }

    @Test func `keeps its values over a new id if asked`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        try visitor.visit { _, session in
            try session.regenerate(keepingData: true)
            return .text("")
        }
        #expect(try visitor.visit { _, session in .text(session[.user] ?? "") }.text == "alice")
    }

    @Test func `takes its cookie along when it ends`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        let answer = try visitor.visit { _, session in
            try session.destroy()
            session[.user] = "ghost"
            return .text("\(session.isPresent) \(session[.user] ?? "nil")")
        }
        #expect(answer.text == "false nil")
        #expect(
            answer.cookies == ["sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax"]
        )
        #expect(try visitor.count() == 0 && visitor.jar.isEmpty)
    }

    @Test func `is signed anew when an old secret had signed it`() throws {
        let old = String(repeating: "o", count: 32)
        let new = String(repeating: "n", count: 32)
        let before = try Visitor(secrets: [old])
        try before.visit(write)
        let after = try Visitor(store: before.store, clock: before.clock, secrets: [new, old])
        after.jar = before.jar
        #expect(try after.visit { _, session in .text(session[.user] ?? "") }.cookies.count == 1)
        let alone = try Visitor(store: before.store, clock: before.clock, secrets: [new])
        alone.jar = after.jar
        #expect(try state(alone) == .loaded)
    }

    @Test func `drops the changes of a handler that failed`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        let answer = try visitor.visit { _, session in
            session[.user] = "mallory"
            session[.views, default: 0] += 1
            throw HandlerFailure()
        }
        #expect(answer.status == .internalServerError && answer.cookies.isEmpty)
        #expect(
            try visitor.visit { _, session in .text("\(session[.user] ?? "") \(session[.views] ?? 0)") }.text
                == "alice 0"
        )
    }

    @Test func `keeps its old id when the handler failed after asking for a new one`() throws {
        let visitor = try Visitor()
        try visitor.visit(write)
        let jar = visitor.jar
        try visitor.visit { _, session in
            try session.regenerate()
            throw HandlerFailure()
        }
        #expect(visitor.jar == jar)
        #expect(try state(visitor) == .loaded)
    }

    @Test func `is renewed at equal rights, and its old id answers for a grace`() throws {
        var options = SessionOptions()
        options.renewMilliseconds = 60_000
        let visitor = try Visitor(options)
        try visitor.visit(write)
        let late = try visitor.sameBrowser()
        visitor.clock.advance(seconds: 60)
        let answer = try visitor.visit { _, session in
            session[.theme] = "dark"
            return .text("")
        }
        #expect(answer.cookies.count == 1 && visitor.jar != late.jar)
        // A request that was under way with the old id still reads and writes the one session.
        let under = try late.visit { _, session in
            session[.views, default: 0] += 1
            return .text(session[.theme] ?? "")
        }
        #expect(under.text == "dark" && under.cookies.isEmpty)
        #expect(
            try visitor.visit { _, session in .text("\(session[.views] ?? 0) \(session[.user] ?? "")") }.text
                == "1 alice"
        )
        visitor.clock.advance(seconds: 31)
        #expect(try state(late) != .loaded)
        #expect(try state(visitor) == .loaded)
    }

    @Test func `is not there outside of the cookie's path`() throws {
        var options = SessionOptions()
        options.cookie.path = "/foo"
        let visitor = try Visitor(options)
        for (path, isThere) in [
            ("/foo", true), ("/foo/bar", true), ("/foobar", false), ("/", false), ("/foo?x", true),
        ] {
            let answer = try visitor.visit(path) { _, session in .text("\(session.isPresent)") }
            #expect(answer.text == "\(isThere)", "\(path)")
        }
    }

    @Test func `is an error, never nobody's, when the store fails`() throws {
        let visitor = try Visitor(store: FailingStore(failsLoad: true))
        visitor.jar["sid"] = SessionCookieExchange(
            signer: CookieSigner(visitor.secrets),
            options: visitor.options,
            acceptsAnyID: false
        ).value(SessionID.random())
        let answer = try visitor.visit { _, _ in .text("handler ran") }
        #expect(answer.status == .serviceUnavailable && answer.cookies.isEmpty)
        #expect(answer.headers[.retryAfter] != nil)
        // Without a cookie there is nothing to read, and the store's state does not matter.
        visitor.jar = [:]
        #expect(try visitor.visit { _, _ in .text("handler ran") }.text == "handler ran")
    }

    @Test func `is not promised when it could not be stored`() throws {
        let visitor = try Visitor(store: FailingStore(failsLoad: false))
        let answer = try visitor.visit(write)
        #expect(answer.status == .serviceUnavailable && answer.cookies.isEmpty)
    }

    private func state(_ visitor: Visitor) throws -> SessionState {
        let answer = try visitor.visit { _, session in .text(session.state.rawValue) }
        return try #require(SessionState(rawValue: answer.text))
    }

    private func onlyKey(_ visitor: Visitor) throws -> SessionStoreKey? {
        var found: SessionStoreKey?
        try visitor.store.forEach { key, _ in
            found = key
            return true
        }
        return found
    }

    private let write: SessionMiddleware.Endpoint = { _, session in
        session[.user] = "alice"
        return .text("")
    }
}

/// A store whose medium fails.
struct FailingStore: SessionStore {
    let failsLoad: Bool
    private var failure: SessionStoreError { SessionStoreError(.unavailable, "test medium") }

    init(failsLoad: Bool) { self.failsLoad = failsLoad }

    func load(_ key: SessionStoreKey) throws(SessionStoreError) -> SessionRecord? {
        if failsLoad { throw failure }
        return nil
    }
    func create(_ key: SessionStoreKey, _ record: SessionRecord) throws(SessionStoreError) -> Bool {
        throw failure
    }
    func update(
        _ key: SessionStoreKey,
        holding lease: SessionStoreLease?,
        until deadline: LockDeadline,
        _ change: (inout SessionRecord) -> SessionRecordChange
    ) throws(SessionStoreError) -> SessionUpdateOutcome { throw failure }
    func lease(_ key: SessionStoreKey, until deadline: LockDeadline) throws(SessionStoreError)
        -> SessionStoreLease
    {
        throw failure
    }
    func touch(_ key: SessionStoreKey, expires: UnixTime, lastUsed: UnixTime) throws(SessionStoreError)
        -> Bool
    { throw failure }
    func destroy(_ key: SessionStoreKey) throws(SessionStoreError) -> Bool { throw failure }
    func sweep(now: UnixTime, forMilliseconds budget: Int64) throws(SessionStoreError) -> SessionSweepReport {
        throw failure
    }
    func keys(ofUser user: String) throws(SessionStoreError) -> [SessionStoreKey] { throw failure }
    func forEach(_ body: (SessionStoreKey, SessionRecord) -> Bool) throws(SessionStoreError) { throw failure }
    func count() throws(SessionStoreError) -> Int { throw failure }
    func clear() throws(SessionStoreError) { throw failure }
}

@Suite struct `A session that Express made` {
    @Test func `gets its absolute limit with its first strict request`() throws {
        let express = try Visitor(SessionOptions(.express))
        try express.visit { _, session in
            session[.user] = "alice"
            return .text("")
        }
        var options = SessionOptions()
        options.name = "connect.sid"
        options.idleMilliseconds = nil
        options.absoluteMilliseconds = 3_600_000
        let strict = try Visitor(options, store: express.store, clock: express.clock)
        strict.jar = express.jar
        for _ in 0..<6 {
            #expect(try strict.visit { _, session in .text(session[.user] ?? "") }.text == "alice")
            strict.clock.advance(seconds: 600)
        }
        #expect(try strict.visit { _, session in .text(session[.user] ?? "") }.text == "")
    }
}
