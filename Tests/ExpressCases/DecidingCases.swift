import TestBench
import Testing

extension ExpressCases {
    @Suite struct `Storing and sending over HTTP` {
        @Test func `69 · an untouched session is not sent again`() throws {
            let browser = try Browser(.plain)
            #expect(try browser.run().cookie != nil)
            #expect(try browser.run().cookie == nil)
        }

        @Test func `70 · rolling sends an untouched session again`() throws {
            let browser = try Browser(.rolling)
            let first = try browser.run()
            let second = try browser.run()
            #expect(second.id == first.id && second.cookie?.value == first.cookie?.value)
        }

        @Test func `71 · rolling does not store or send an untouched new session that is not asked for`()
            throws
        {
            let browser = try Browser(.filesRollingQuiet)
            let reply = try browser.run("get a")
            #expect(reply.cookies.isEmpty && reply.id != nil && !browser.site.hasRecord(reply.id))
        }

        @Test func `72 · rolling stores and sends an untouched new session`() throws {
            let browser = try Browser(.filesRolling)
            let reply = try browser.run("get a")
            #expect(reply.cookie != nil && browser.site.hasRecord(reply.id))
        }

        @Test func `73 · rolling stores and sends a new session that was written to`() throws {
            let browser = try Browser(.filesRollingQuiet)
            let reply = try browser.run("set user \"bob\"")
            #expect(reply.cookie != nil && browser.site.record(reply.id)?["user"] as? String == "bob")
        }

        @Test func `77 · without resave changes are written, and reads in between are not`() throws {
            let browser = try Browser(.filesNoResave)
            let id = try browser.run("set n 1").id
            let stored = try #require(browser.site.record(id))
            #expect(try browser.run("get n").results == ["1"])
            let read = try #require(browser.site.record(id))
            // A touch moves the instant of the last access alone.
            #expect(Set(read.keys) == Set(stored.keys) && read["n"] as? Int == 1)
            #expect(try browser.run("set n 2").cookie == nil)
            #expect(browser.site.record(id)?["n"] as? Int == 2)
            #expect(try browser.run("get n").results == ["2"])
        }

        @Test func `78 · without resave a value's own member cookie counts as a change`() throws {
            let browser = try Browser(.filesNoResave)
            let id = try browser.run(#"set user {"cookie":{"crumbs":1},"name":"bob"}"#).id
            _ = try browser.run(#"set user {"cookie":{"crumbs":2},"name":"bob"}"#)
            let user = browser.site.record(id)?["user"] as? [String: Any]
            #expect((user?["cookie"] as? [String: Any])?["crumbs"] as? Int == 2)
            #expect(try browser.run("get user").results == [#"{"cookie":{"crumbs":2},"name":"bob"}"#])
        }

        @Test func `80 · an untouched new session is stored and sent by default`() throws {
            let browser = try Browser(.files)
            let reply = try browser.run("get a")
            #expect(reply.cookie != nil && browser.site.hasRecord(reply.id))
        }

        @Test func `81 · an untouched new session is stored and sent if asked`() throws {
            let browser = try Browser(.filesSaving)
            let reply = try browser.run("get a")
            #expect(reply.cookie != nil && browser.site.hasRecord(reply.id))
        }

        @Test func `82 · an untouched new session is neither if not wanted`() throws {
            let browser = try Browser(.filesQuiet)
            let reply = try browser.run("get a")
            #expect(reply.cookies.isEmpty && reply.id != nil && !browser.site.hasRecord(reply.id))
        }

        @Test func `83 · a new session that was written to is stored and sent all the same`() throws {
            let browser = try Browser(.filesQuiet)
            let reply = try browser.run("set count 1", "set user \"bob\"")
            #expect(reply.cookie != nil && browser.site.record(reply.id)?["user"] as? String == "bob")
        }

        @Test func `93 · a session that is let go of stays in the store by default`() throws {
            for location in [Location.files, .filesUnsetKeep] {
                let browser = try Browser(location)
                let id = try browser.run("set a 1").id
                let reply = try browser.run("set a 2", "unset", "get a")
                #expect(reply.results == ["null", "null", #"{"error":"no session"}"#])
                #expect(reply.id == nil && reply.cookies.isEmpty)
                #expect(browser.site.record(id)?["a"] as? Int == 1)
                #expect(try browser.run("get a").results == ["1"])
            }
        }

        @Test func `94 · a session that is let go of is destroyed if asked`() throws {
            let browser = try Browser(.filesUnsetDestroy)
            let id = try browser.run("set a 1").id
            #expect(browser.site.hasRecord(id))
            let reply = try browser.run("unset")
            #expect(reply.status == 200 && reply.cookies.isEmpty && !browser.site.hasRecord(id))
        }

        @Test func `95 · a brand-new session that is let go of leaves nothing behind`() throws {
            let browser = try Browser(.filesUnsetDestroy)
            let reply = try browser.run("set a 1", "id", "unset")
            let id = String(reply.results[1].dropFirst().dropLast())
            #expect(reply.cookies.isEmpty && !browser.site.hasRecord(id))
        }
    }
}
