import TestBench
import Testing

extension ExpressCases {
    @Suite struct `Ids and names over HTTP` {
        @Test func `61 · ids are made without being asked for`() throws {
            let id = try #require(try Browser(.plain).run().id)
            #expect(id.utf8.count == 32)
            #expect(
                id.utf8.allSatisfy {
                    $0 == 45 || $0 == 95 || (48...57).contains($0) || (65...90).contains($0 & 0xDF)
                }
            )
        }

        @Test func `62 · ids may be the program's, and are signed and encoded`() throws {
            let reply = try Browser(.apple).run()
            #expect(reply.id == "apple")
            #expect(
                reply.cookie?.value == "s%3Aapple.D8Y%2BpkTAmeR0PobOhY4G97PRW%2Bj7bUnP%2F5m6%2FOn1MCU"
            )
        }

        @Test func `63 · ids may hold what a cookie may not`() throws {
            let browser = try Browser(.percent)
            let reply = try browser.run("set a 1")
            #expect(reply.cookie?.value == "s%3A%25.kzQ6x52kKVdF35Qh62AWk4ZekS28K5XYCXKa%2FOTZ01g")
            #expect(try browser.run("get a").results == ["1"])
        }

        @Test func `64 · ids may be made of the request`() throws {
            let reply = try Browser(.url).run()
            #expect(reply.id == "/foo")
            #expect(reply.cookie?.value == "s%3A%2Ffoo.paEKBtAHbV5s1IB8B2zPnzAgYmmnRPIqObW4VRYj%2FMQ")
        }

        @Test func `65 · the cookie is called connect.sid by the old option too`() throws {
            // The old alias `key` and the option `name` are one here.
            #expect(try Browser(.plain).run().cookies.map(\.name) == ["connect.sid"])
        }

        @Test func `66 · the cookie can be called otherwise, and is found by that name`() throws {
            let browser = try Browser(.named)
            _ = try browser.run("set a 1")
            #expect(try browser.run("get a").results == ["1"])
        }

        @Test func `67 · the cookie is called connect.sid`() throws {
            #expect(try Browser(.files).run().cookie != nil)
        }

        @Test func `68 · the cookie can be called otherwise`() throws {
            #expect(try Browser(.named).run().cookies.map(\.name) == ["session.of.mine"])
        }
    }

    @Suite struct `Secrets over HTTP` {
        private func roundTrip(_ location: Location) throws -> Bool {
            let browser = try Browser(location)
            let first = try browser.run("set a 1")
            let second = try browser.run("get a")
            return first.isNew == true && second.isNew == false && second.id == first.id
                && second.results == ["1"]
        }

        @Test func `87 · a text signs and verifies`() throws { #expect(try roundTrip(.plain)) }

        @Test func `88 · bytes sign and verify`() throws { #expect(try roundTrip(.binarySecret)) }

        @Test func `89 · a list signs`() throws {
            let reply = try Browser(.twoSecrets).run()
            #expect(reply.cookie?.value.hasPrefix("s%3A") == true)
            #expect(reply.cookie?.value == Secret.cookie(try #require(reply.id), secret: Lab.secret))
        }

        @Test func `90 · the first of a list signs`() throws {
            let browser = try Browser(.twoSecrets)
            let first = try browser.run("set a 1")
            let withSecond = try browser.at(.secondSecret).run("get a")
            #expect(withSecond.isNew == true && withSecond.id != first.id && withSecond.results == ["null"])
            let withFirst = try browser.at(.firstSecret).run("get a")
            #expect(withFirst.isNew == false && withFirst.id == first.id)
        }

        @Test func `91 · each of a list verifies`() throws {
            for location in [Location.firstSecret, .secondSecret] {
                let browser = try Browser(location)
                let first = try browser.run("set a 1")
                let second = try browser.at(.twoSecrets).run("get a")
                #expect(second.isNew == false && second.id == first.id && second.results == ["1"])
            }
        }
    }
}
