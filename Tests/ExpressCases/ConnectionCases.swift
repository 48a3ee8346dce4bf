import TestBench
import Testing

extension ExpressCases {
    @Suite struct `A secure cookie over HTTP` {
        private func cookie(_ location: Location, forwarded: String? = nil) throws -> SentCookie? {
            let headers = forwarded.map { [("X-Forwarded-Proto", $0)] } ?? []
            let reply = try Browser(location).run("keys", headers: headers)
            #expect(reply.status == 200)
            return reply.cookie
        }

        @Test func `30 · is sent when a trusted proxy says https`() throws {
            let cookie = try #require(try cookie(.secureProxied, forwarded: "https"))
            #expect(cookie.has("Secure"))
        }

        @Test func `31 · is sent when the first proxy of a list says https`() throws {
            #expect(try cookie(.secureProxied, forwarded: "https,http") != nil)
            #expect(try cookie(.secureProxied, forwarded: "http,https") == nil)
        }

        @Test func `32 · is not sent when the trusted proxy says nothing`() throws {
            #expect(try cookie(.secureProxied) == nil)
        }

        @Test func `33 · is not sent on the word of a proxy that is not trusted`() throws {
            #expect(try cookie(.secureUnproxied, forwarded: "https") == nil)
        }

        @Test func `34 · is not sent on the framework's word when proxy is off`() throws {
            #expect(try cookie(.secureUnproxiedScheme) == nil)
        }

        @Test func `35 · is not sent on a proxy's word alone when proxy is unset`() throws {
            #expect(try cookie(.secureUnset, forwarded: "https") == nil)
        }

        @Test func `36 · is sent on the framework's word when proxy is unset`() throws {
            #expect(try cookie(.secureUnsetScheme) != nil)
        }

        @Test func `43 · is Secure by auto when a trusted proxy says https`() throws {
            #expect(try cookie(.autoProxied, forwarded: "https")?.has("Secure") == true)
        }

        @Test func `44 · is not Secure by auto when the proxy is not trusted, and is sent`() throws {
            #expect(try cookie(.autoUnproxied, forwarded: "https")?.mentions("Secure") == false)
        }

        @Test func `45 · is Secure by auto when the framework says so`() throws {
            #expect(try cookie(.autoScheme)?.has("Secure") == true)
        }

        @Test func `46 · is not Secure by auto over a plain connection`() throws {
            #expect(try cookie(.autoPlain)?.mentions("Secure") == false)
        }

        @Test func `125 · is sent over TLS`() throws {
            #expect(try cookie(.secureTLS)?.has("Secure") == true)
        }

        @Test func `126 · is not sent over a plain connection`() throws {
            #expect(try cookie(.securePlain) == nil)
        }
    }

    @Suite struct `A cookie's SameSite over HTTP` {
        private func cookie(_ location: Location, forwarded: String? = nil) throws -> SentCookie? {
            try Browser(location).run("keys", headers: forwarded.map { [("X-Forwarded-Proto", $0)] } ?? [])
                .cookie
        }

        @Test func `49 · is None by auto on a secure connection`() throws {
            #expect(try cookie(.siteScheme)?.has("SameSite=None") == true)
        }

        @Test func `50 · is Lax by auto on a plain one`() throws {
            #expect(try cookie(.sitePlain)?.has("SameSite=Lax") == true)
        }

        @Test func `51 · is None by auto when a trusted proxy says https`() throws {
            #expect(try cookie(.siteProxied, forwarded: "https")?.has("SameSite=None") == true)
        }

        @Test func `52 · is Lax by auto when a trusted proxy says http`() throws {
            #expect(try cookie(.siteProxied, forwarded: "http")?.has("SameSite=Lax") == true)
        }

        @Test func `53 · is Lax by auto when the proxy is not trusted`() throws {
            #expect(try cookie(.siteUnproxied, forwarded: "https")?.has("SameSite=Lax") == true)
        }

        @Test func `54 · is None, and the cookie Secure, when both are auto and the connection is secure`()
            throws
        {
            let cookie = try #require(try cookie(.bothScheme))
            #expect(cookie.has("SameSite=None") && cookie.has("Secure"))
        }

        @Test func `55 · is Lax, and the cookie not Secure, when both are auto and the connection is plain`()
            throws
        {
            let cookie = try #require(try cookie(.bothPlain))
            #expect(cookie.has("SameSite=Lax") && !cookie.mentions("Secure"))
        }

        @Test func `56 · is None without Secure when secure is off and the connection is secure`() throws {
            let cookie = try #require(try cookie(.offScheme))
            #expect(cookie.has("SameSite=None") && !cookie.mentions("Secure"))
        }

        @Test func `57 · is Lax without Secure when secure is off and the connection is plain`() throws {
            let cookie = try #require(try cookie(.offPlain))
            #expect(cookie.has("SameSite=Lax") && !cookie.mentions("Secure"))
        }

        @Test func `58 · is None with Secure when secure is on and the connection is secure`() throws {
            let cookie = try #require(try cookie(.onScheme))
            #expect(cookie.has("SameSite=None") && cookie.has("Secure"))
        }

        @Test func `59 · goes with no cookie at all when secure is on and the connection is plain`() throws {
            #expect(try cookie(.onPlain) == nil)
        }
    }

    @Suite struct `A cookie's path over HTTP` {
        @Test func `37 · is a gate: no session at another path`() throws {
            let reply = try Browser(.below).run("get a", path: "")
            #expect(reply.status == 200 && reply.cookies.isEmpty && reply.id == nil)
            #expect(reply.results == [#"{"error":"no session"}"#])
        }

        @Test func `38 · is not read off the Host field`() throws {
            // nginx refuses such a Host by itself; SessionsTests sends it to the middleware.
            for host in ["http://foo/bar", "foo:80", "below.foo.bar"] {
                let reply = try Browser(.below).run("keys", path: "", headers: [("Host", host)])
                #expect(reply.cookies.isEmpty && reply.id == nil)
            }
        }

        @Test func `39 · lets a path below it through`() throws {
            let reply = try Browser(.below).run("keys", path: "foo/bar/baz")
            #expect(reply.cookie?.has("Path=/below/foo/bar") == true && reply.id != nil)
        }

        @Test func `40 · lets every path through that begins so`() throws {
            #expect(try Browser(.below).run("keys", path: "foo/bar").cookie != nil)
            #expect(try Browser(.below).run("keys", path: "foo/bar/baz").cookie != nil)
            #expect(try Browser(.below).run("keys", path: "foo/barren").cookie != nil)
            #expect(try Browser(.below).run("keys", path: "foo/ba").cookie == nil)
        }

        @Test func `41 · is compared with the address that the client asked for`() throws {
            #expect(try Browser(.mounted).run("keys", path: "bar").cookie?.has("Path=/mounted/bar") == true)
        }

        @Test func `42 · is not compared with what is left of the address below a mount`() throws {
            #expect(try Browser(.mounted).run("keys", path: "mounted/bar").cookie == nil)
        }

        @Test func `47 · may come from options of the request alone, like the other settings`() throws {
            let browser = try Browser(.function)
            let reply = try browser.run("keys", path: "admin?path=/function/admin&http_only=off&secure=on")
            let cookie = try #require(reply.cookie)
            #expect(
                cookie.has("Path=/function/admin") && cookie.has("Secure") && !cookie.mentions("HttpOnly")
            )
            let other = try browser.run("keys", path: "?path=/&http_only=on&secure=off")
            #expect(other.cookie?.attributes == ["Path=/", "HttpOnly"])
        }

        @Test func `48 · may be the request's own`() throws {
            let browser = try Browser(.functionOfPath)
            #expect(try browser.run("keys", path: "foo").cookie?.has("Path=/functionOfPath/foo") == true)
            #expect(try browser.run("keys", path: "bar").cookie?.has("Path=/functionOfPath/bar") == true)
        }
    }
}
