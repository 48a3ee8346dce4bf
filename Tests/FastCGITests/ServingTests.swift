import FastCGI
import FastCGIClient
import Kernel
import Testing
import Web

@Suite struct `A server` {
    @Test func `answers a request and closes`() throws {
        try RunningServer.with { (running) throws in
            var connection = try running.connect()
            let answer = try connection.exchange(ClientRecords.request("GET", "/a?b=c"))
            #expect(answer.status == 200)
            #expect(answer.text == "GET /a?b=c ")
            #expect(answer.field("Content-Length") == "11")
            #expect(try connection.readToEnd() == [])
        }
    }

    @Test func `keeps a connection when it is asked to`() throws {
        try RunningServer.with { (running) throws in
            var connection = try running.connect()
            for number in UInt16(1)...50 {
                let bytes = ClientRecords.request(
                    "GET",
                    "/\(number)",
                    requestID: number,
                    keepsConnection: true
                )
                #expect(try connection.exchange(bytes, requestID: number).text == "GET /\(number) ")
            }
            running.wait { $0.waiting == 1 }
            #expect(try connection.exchange(ClientRecords.request()).status == 200)
            #expect(try connection.readToEnd() == [])
            running.wait { $0.connections == 0 }
            #expect(running.server.counters.accepted == 1)
            #expect(running.server.counters.requests == 51)
            #expect(running.server.counters.refused == [:])
        }
    }

    @Test func `hands on every parameter as it came`() throws {
        let values: [(String, [UInt8])] = [
            ("HTTP_COOKIE", Array("a=b; c=d=e".utf8)), ("HTTP_COOKIE", Array("f".utf8)), ("EMPTY", []),
            ("HTTP_ODD", (1...255).map { UInt8($0) }), ("HTTP_LONG", .init(repeating: 0x78, count: 20_000)),
            ("SERVER_NAME", Array("one".utf8)), ("SERVER_NAME", Array("two".utf8)),
            ("HTTP_EQUALS", Array("===".utf8)),
        ]
        var records = ClientRecords()
        records.begin()
        let method = ClientRecords.pair(Array("REQUEST_METHOD".utf8), Array("GET".utf8))
        records.append(type: 4, method + values.flatMap { ClientRecords.pair(Array($0.0.utf8), $0.1) })
        records.append(type: 4)
        records.body([])
        let expected = [("REQUEST_METHOD", Array("GET".utf8))] + values
        let handler: Handler = { request in
            var seen: [(String, [UInt8])] = []
            request.parameters.withEach { seen.append((String(decoding: $0, as: UTF8.self), Array($1))) }
            guard seen.count == expected.count else { return .text("count \(seen.count)") }
            for (one, other) in zip(seen, expected) where one.0 != other.0 || one.1 != other.1 {
                return .text("\(one) is not \(other)")
            }
            return .text(request.header(.cookie) ?? "none")
        }
        try RunningServer.with(handler: handler) { (running) throws in
            #expect(try running.answer(records.bytes).text == "a=b; c=d=e; f")
        }
    }

    @Test func `takes a request in two pieces, split anywhere`() throws {
        try RunningServer.with { (running) throws in
            let bytes = ClientRecords.request("POST", "/", body: Array("body".utf8), keepsConnection: true)
            var connection = try running.connect()
            for split in 1..<bytes.count {
                try connection.send(Array(bytes.prefix(split)))
                // Only then is it sure that the pieces are seen apart.
                if split % 16 == 0 { Clocks.sleep(nanoseconds: 2_000_000) }
                try connection.send(Array(bytes.dropFirst(split)))
                #expect(try connection.readAnswer().text == "POST / body")
            }
            #expect(running.server.counters.refused == [:])
        }
    }

    @Test func `takes records that libfcgi would not read`() throws {
        var records = ClientRecords()
        records.begin(keepsConnection: true, padding: 255)
        for byte in ClientRecords.pair(Array("REQUEST_METHOD".utf8), Array("PUT".utf8)) {
            records.append(type: 4, [byte], padding: 3)
        }
        records.append(type: 4, padding: 200)
        records.append(type: 5, [0x78, 0x79], padding: 1)
        records.append(type: 5, padding: 7)
        try RunningServer.with { (running) throws in
            var connection = try running.connect()
            for _ in 0..<3 { #expect(try connection.exchange(records.bytes).text == "PUT / xy") }
        }
    }

    @Test(arguments: [0, 1, 8_000, 8_100, 8_126, 8_127, 8_128, 8_129, 8_130, 8_150, 8_200, 65_536, 1 << 20])
    func `writes answers of any size`(_ size: Int) throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try RunningServer.with(handler: { _ in Response(body: body) }) { (running) throws in
            var connection = try running.connect()
            for _ in 0..<2 {
                let answer = try connection.exchange(ClientRecords.request(keepsConnection: true))
                #expect(answer.body == body)
                #expect(answer.field("content-length") == String(size))
            }
        }
    }

    @Test func `leaves the body of an answer to HEAD out`() throws {
        try RunningServer.with { (running) throws in
            let answer = try running.answer(ClientRecords.request("HEAD", "/"))
            #expect(answer.body == [])
            #expect(answer.field("Content-Length") == "7")
        }
    }

    @Test func `answers what a handler throws, and goes on`() throws {
        struct Secret: Error { let password = "password123" }
        let handler: Handler = { request in
            switch request.path {
            case "/gone": throw HTTPError(.gone, "It has gone.")
            case "/secret": throw Secret()
            default: .text("fine")
            }
        }
        try RunningServer.with(handler: handler) { (running) throws in
            var connection = try running.connect()
            let gone = try connection.exchange(ClientRecords.request("GET", "/gone", keepsConnection: true))
            #expect(gone.status == 410)
            #expect(gone.text == "It has gone.")
            let secret = try connection.exchange(
                ClientRecords.request("GET", "/secret", keepsConnection: true)
            )
            #expect(secret.status == 500)
            #expect(!secret.text.contains("password"))
            #expect(try connection.exchange(ClientRecords.request()).text == "fine")
        }
    }

    @Test func `serves many clients with kept connections evenly`() throws {
        let slow: Handler = { _ in
            Clocks.sleep(nanoseconds: 200_000)
            return .text("x")
        }
        try RunningServer.with(handler: slow) { (running) throws in
            let counts = SharedCounts(12)
            let end = Clocks.monotonicMilliseconds() + 1_000
            let clients = try (0..<12).map { index in
                try BlockingThread(name: "client") {
                    do {
                        var connection = try running.connect()
                        while Clocks.monotonicMilliseconds() < end {
                            _ = try connection.exchange(ClientRecords.request(keepsConnection: true))
                            counts.add(index)
                        }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
            for client in clients { client.join() }
            let all = counts.all
            let mean = all.reduce(0, +) / 12
            #expect(all.allSatisfy { $0 * 2 >= mean }, "\(all)")
        }
    }

    @Test func `serves over TCP where users do not matter`() throws {
        let (listener, port) = try Sockets.listen(loopbackPort: 0)
        defer { _ = Descriptor(owning: listener) }
        var options = FastCGIServer.Options()
        options.allowedUsers = [0]
        #expect(throws: FastCGIError.peersUnknown) {
            try FastCGIServer(listener: listener, options: options, logger: RunningServer.quiet)
        }
        let server = try FastCGIServer(listener: listener, logger: RunningServer.quiet)
        let thread = try BlockingThread(name: "serving") { server.run(RunningServer.echo) }
        defer {
            server.stop()
            thread.join()
        }
        var connection = try ClientConnection(owning: try Sockets.connect(loopbackPort: port).release())
        #expect(try connection.exchange(ClientRecords.request(keepsConnection: true)).text == "GET / ")
        #expect(try connection.exchange(ClientRecords.request(keepsConnection: true)).text == "GET / ")
    }

    @Test func `makes the best of impossible options`() throws {
        var options = FastCGIServer.Options()
        options.threads = -3
        options.bodyLimit = -1
        options.parameterCount = -1
        options.sendTimeoutMilliseconds = -1
        options.maximumConnections = 0
        try RunningServer.with(options) { (running) throws in
            #expect(try running.answer(ClientRecords.request()).status == 431)
        }
    }

    @Test func `wants a listener`() throws {
        let (one, other) = try Sockets.pair()
        defer {
            _ = Descriptor(owning: one)
            _ = Descriptor(owning: other)
        }
        #expect(throws: FastCGIError.notListening(descriptor: one)) {
            try FastCGIServer(listener: one, logger: RunningServer.quiet)
        }
        #expect(throws: FastCGIError.notListening(descriptor: 9_999)) {
            try FastCGIServer(listener: 9_999, logger: RunningServer.quiet)
        }
    }
}
