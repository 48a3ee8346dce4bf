import Foundation
import Kernel
import TestBench
import Testing

extension ExpressCases {
    @Suite struct `A session's methods over HTTP` {
        @Test func `100 · values last from request to request`() throws {
            let browser = try Browser(.plain)
            for count in 1...3 { #expect(try browser.run("incr views").results == ["\(count)"]) }
        }

        @Test func `101 · with an end the cookie is sent by those requests alone that change something`()
            throws
        {
            let browser = try Browser(.minute)
            #expect(try browser.run("set user \"bob\"").cookie?.mentions("Expires") == true)
            #expect(try browser.run("get user").cookie == nil)
            #expect(try browser.run("get user").cookie == nil)
            #expect(try browser.run("set count 1").cookie != nil)
            #expect(try browser.run("get count").cookie == nil)
        }

        @Test func `105 · destroy ends the session, and sends no cookie`() throws {
            let browser = try Browser(.files)
            let id = try browser.run("set a 1").id
            let reply = try browser.run("destroy", "get a")
            #expect(reply.results == ["null", #"{"error":"no session"}"#] && reply.id == nil)
            #expect(reply.cookies.isEmpty && !browser.site.hasRecord(id))
            let fresh = try Browser(.plain).run("destroy")
            #expect(fresh.cookies.isEmpty)
        }

        @Test func `106 · regenerate gives a new id, and sends it`() throws {
            let browser = try Browser(.files)
            let first = try browser.run("set a 1")
            let second = try browser.run("regenerate", "get a")
            #expect(second.results == ["null", "null"])
            #expect(
                second.id != first.id && second.cookie != nil && second.cookie?.value != first.cookie?.value
            )
            #expect(!browser.site.hasRecord(first.id) && browser.site.hasRecord(second.id))
        }

        @Test func `107 · reload sees what another request stored meanwhile`() throws {
            let first = try Browser(.plain)
            _ = try first.run("set url \"/\"")
            let (jar, site) = (first.client.jar, first.site)
            let replies = try Parallel.run(2) { number in
                let browser = try Browser(.plain, site: site)
                browser.client.jar = jar
                if number == 0 {
                    return try browser.run("set url \"/lost\"", "sleep 800", "reload", "get url").results
                }
                Clocks.sleep(nanoseconds: 200_000_000)
                return try browser.run("set url \"/bar\"").results
            }
            #expect(replies[0] == ["null", "null", "null", #""/bar""#])
        }

        @Test func `108 · reload of a session that is gone is an error that says so`() throws {
            let failure = #"{"error":"failed to load session"}"#
            #expect(try Browser(.quiet).run("set a 1", "reload", "get a").results == ["null", failure, "1"])
            let first = try Browser(.plain)
            _ = try first.run("set a 1")
            let (jar, site) = (first.client.jar, first.site)
            let replies = try Parallel.run(2) { number in
                let browser = try Browser(.plain, site: site)
                browser.client.jar = jar
                if number == 0 { return try browser.run("sleep 800", "reload").results }
                Clocks.sleep(nanoseconds: 200_000_000)
                return try browser.run("destroy").results
            }
            #expect(replies[0] == ["null", failure])
        }

        @Test func `110 · save stores at once`() throws {
            let browser = try Browser(.filesQuiet)
            let reply = try browser.run("set a 1", "save", "reload", "get a")
            #expect(reply.results == ["null", "null", "null", "1"])
            #expect(browser.site.record(reply.id)?["a"] as? Int == 1)
        }

        @Test func `114 · touch moves the end that is stored`() throws {
            let browser = try Browser(.files)
            let id = try browser.run("maxage 60000").id
            func stored() -> String? {
                (browser.site.record(id)?["cookie"] as? [String: Any])?["expires"] as? String
            }
            let before = try #require(stored())
            Clocks.sleep(nanoseconds: 5_000_000)
            #expect(try browser.run("touch").status == 200)
            #expect(try #require(stored()) > before)
        }
    }

    @Suite struct `A session's cookie over HTTP` {
        @Test func `115 · changes with its settings`() throws {
            let cookie = try #require(
                try Browser(.changed).run("cookie httpOnly false", "cookie secure false").cookie
            )
            #expect(cookie.attributes == ["Path=/"])
            let withheld = try Browser(.changed).run("cookie secure true")
            #expect(withheld.status == 200 && withheld.cookie == nil)
        }

        @Test func `116 · has no Expires without a maxAge`() throws {
            #expect(try Browser(.plain).run("set a 1").cookie?.attributes == ["Path=/", "HttpOnly"])
        }

        @Test func `117 · is sent once without a maxAge`() throws {
            let browser = try Browser(.plain)
            #expect(try browser.run("set a 1").cookie != nil)
            #expect(try browser.run("set a 2").cookie == nil)
        }

        @Test func `118 · has the settings of its options, and those of the request over them`() throws {
            let browser = try Browser(.dressed)
            let cookie = try #require(try browser.run("cookie secure false", path: "admin").cookie)
            #expect(
                cookie.has("HttpOnly") && cookie.has("Path=/dressed/admin") && cookie.has("Priority=High")
            )
            #expect(!cookie.mentions("Secure") && cookie.mentions("Expires"))
        }

        @Test func `120 · leaves the program's own cookies there`() throws {
            let reply = try Browser(.plain).run("header Set-Cookie previous=cookieValue")
            #expect(reply.cookies.map(\.name) == ["previous", "connect.sid"])
        }

        @Test func `121 · comes after all of the program's own`() throws {
            let reply = try Browser(.plain).run(
                "header Set-Cookie one=1; Path=/",
                "status 201",
                "header Set-Cookie two=2"
            )
            #expect(reply.status == 201 && reply.cookies.map(\.name) == ["one", "two", "connect.sid"])
            #expect(reply.cookies[0].line == "one=1; Path=/")
        }

        @Test func `122 · keeps originalMaxAge as it was set`() throws {
            let reply = try Browser(.twoSeconds).run("cookie")
            #expect(reply.results[0].contains(#""originalMaxAge":2000"#))
        }

        @Test func `123 · keeps originalMaxAge over later requests`() throws {
            let browser = try Browser(.twoSeconds)
            _ = try browser.run("set a 1")
            for number in 0..<3 {
                let reply = try browser.run("set a \(number)", "cookie")
                #expect(reply.results[1].contains(#""originalMaxAge":2000"#))
            }
        }

        /// The time from Date to Expires; both are cut to seconds, so a second may pass between them.
        private func lifetime(_ location: Location, _ script: String) throws -> [Double] {
            try (0..<5).map { _ in try Browser(location).run(script).lifetime() }
        }

        @Test func `127 · ends maxAge after the answer's Date`() throws {
            let all = try lifetime(.twoSeconds, "set a 1")
            #expect(all.contains(2) && all.allSatisfy { (1...3).contains($0) }, "\(all)")
        }

        @Test func `128 · ends by the maxAge that the request set`() throws {
            let all = try lifetime(.twoSeconds, "maxage 5000")
            #expect(all.contains(5) && all.allSatisfy { (4...6).contains($0) }, "\(all)")
        }

        @Test func `129 · may live longer than 32 bits of milliseconds`() throws {
            let all = try lifetime(.long, "set a 1")
            #expect(
                all.contains(3_000_000) && all.allSatisfy { (2_999_999...3_000_001).contains($0) },
                "\(all)"
            )
        }

        @Test func `130 · may end at the epoch`() throws {
            let cookie = try Browser(.plain).run("expires 1970-01-01T00:00:00.000Z").cookie
            #expect(cookie?.has("Expires=Thu, 01 Jan 1970 00:00:00 GMT") == true)
        }

        @Test func `131 · may end with the browser's session again`() throws {
            #expect(try Browser(.minute).run("expires none").cookie?.mentions("Expires") == false)
        }

        @Test func `132 · without an end is not sent again`() throws {
            let browser = try Browser(.minute)
            #expect(try browser.run("expires none").cookie != nil)
            #expect(try browser.run("expires none").cookie == nil)
        }

        @Test func `133 · without an end is not sent again when something changed either`() throws {
            let browser = try Browser(.minute)
            #expect(try browser.run("expires none").cookie != nil)
            #expect(try browser.run("expires none", "set hit 1").cookie == nil)
        }

        @Test func `134 · is not Partitioned by default`() throws {
            #expect(try Browser(.plain).run().cookie?.mentions("Partitioned") == false)
        }

        @Test func `135 · is not Partitioned when that is off`() throws {
            #expect(try Browser(.unpartitioned).run().cookie?.mentions("Partitioned") == false)
        }

        @Test func `136 · is Partitioned when that is on`() throws {
            #expect(try Browser(.partitioned).run().cookie?.has("Partitioned") == true)
        }
    }
}
