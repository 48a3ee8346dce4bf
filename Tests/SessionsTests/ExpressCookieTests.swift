import Testing
import Web

@testable import Sessions

/// The cases of express-session's cookie by itself (c1 to c18).
@Suite struct `An express session's cookie` {
    private let now = UnixTime(seconds: 1_795_420_800)

    private func cookie(_ options: SessionCookieOptions = SessionCookieOptions()) -> SessionCookie {
        SessionCookie(options, isSecure: false, slides: true, now: now)
    }

    private func refused(_ text: String) throws -> String {
        let error = #expect(throws: SessionError.self) { try SiteOptions("profile=express; \(text)".utf8) }
        return try #require(error).message
    }

    @Test func `c1 · needs no options`() { #expect(cookie() == SessionCookie()) }

    @Test func `c2 · has no end by default`() { #expect(cookie().expires == nil) }

    @Test func `c3 · is HttpOnly by default`() { #expect(cookie().httpOnly) }

    @Test func `c4 · has the path of everything by default`() { #expect(cookie().path == "/") }

    @Test func `c5 · has no maxAge by default`() {
        #expect(cookie().maxAge(now: now) == nil && cookie().originalMaxAge == nil)
    }

    @Test func `c8 · has no option called data`() throws {
        // express-session passes over it; here an unknown option is an error.
        #expect(try refused("data=x").contains("\"data\" is not an option"))
    }

    @Test func `c9 · keeps its end as given`() {
        let end = now.advanced(byMilliseconds: 60_000)
        #expect(cookie(SessionCookieOptions(lifetime: .expires(end))).expires == end)
    }

    @Test func `c10 · has the time to its end as maxAge`() {
        let end = now.advanced(byMilliseconds: 60_000)
        let cookie = cookie(SessionCookieOptions(lifetime: .expires(end)))
        #expect(cookie.maxAge(now: now) == 60_000 && cookie.originalMaxAge == 60_000)
        #expect(cookie.maxAge(now: now.advanced(byMilliseconds: 1500)) == 58_500)
    }

    @Test func `c11 · need not be HttpOnly`() {
        #expect(!cookie(SessionCookieOptions(httpOnly: false)).httpOnly)
    }

    @Test func `c12 · ends maxAge from now`() {
        let cookie = cookie(SessionCookieOptions(lifetime: .maxAge(60_000)))
        #expect(cookie.expires == now.advanced(byMilliseconds: 60_000))
    }

    @Test func `c13 · tells the rest of its maxAge`() {
        let cookie = cookie(SessionCookieOptions(lifetime: .maxAge(60_000)))
        #expect(cookie.maxAge(now: now) == 60_000)
        #expect(cookie.maxAge(now: now.advanced(byMilliseconds: 61_000)) == -1000)
    }

    @Test func `c15 · has no maxAge that is no number`() throws {
        for word in ["yes", "true", "'5'", "5", "0x10s", "1e3s"] {
            #expect(try refused("max-age=\(word)").contains("max-age"))
        }
    }

    @Test func `c16 · keeps partitioned`() {
        #expect(cookie(SessionCookieOptions(partitioned: true)).partitioned == true)
        #expect(cookie(SessionCookieOptions(partitioned: false)).partitioned == false)
        #expect(cookie().partitioned == nil)
    }

    @Test func `c17 · keeps its path`() {
        #expect(cookie(SessionCookieOptions(path: "/foo")).path == "/foo")
    }

    @Test func `c18 · keeps its priority`() {
        #expect(cookie(SessionCookieOptions(priority: .high)).priority == .high)
    }
}
