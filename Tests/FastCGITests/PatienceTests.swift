import FastCGI
import FastCGIClient
import Kernel
import Testing
import Web

@Suite struct `A slow or silent peer` {
    @Test(arguments: [0, 1, 8, 16, 20, 60]) func `holds no thread, wherever it stalls`(_ count: Int) throws {
        var options = FastCGIServer.Options()
        options.threads = 2
        try RunningServer.with(options) { (running) throws in
            let request = ClientRecords.request("POST", "/", body: .init(repeating: 0x78, count: 100))
            var stalled: [Int32] = []
            defer { for number in stalled { _ = Descriptor(owning: number) } }
            for _ in 0..<60 {
                let connection = try Sockets.connect(unix: running.path)
                try Sockets.sendAll(connection.number, Array(request.prefix(count)))
                stalled.append(connection.release())
            }
            running.wait { $0.waiting == 60 }
            for _ in 0..<20 { #expect(try running.answer(ClientRecords.request()).status == 200) }
        }
    }

    @Test func `that sends byte after byte is answered in the end`() throws {
        try RunningServer.with { (running) throws in
            var connection = try running.connect()
            let request = ClientRecords.request("POST", "/", body: Array("abc".utf8))
            for byte in request { try connection.send([byte]) }
            #expect(try connection.readAnswer().text == "POST / abc")
        }
    }

    @Test(arguments: [0, 1, 20]) func `is closed when its time is over`(_ count: Int) throws {
        var options = FastCGIServer.Options()
        options.requestTimeoutMilliseconds = 40
        try RunningServer.with(options) { (running) throws in
            var connection = try running.connect()
            try connection.send(Array(ClientRecords.request().prefix(count)))
            #expect(try connection.readToEnd() == [])
            running.wait { $0.refused == [.deadline: 1] && $0.connections == 0 }
        }
    }

    @Test func `that has been served may be silent longer`() throws {
        var options = FastCGIServer.Options()
        options.requestTimeoutMilliseconds = 40
        options.idleTimeoutMilliseconds = 400
        try RunningServer.with(options) { (running) throws in
            var connection = try running.connect()
            let request = ClientRecords.request(keepsConnection: true)
            #expect(try connection.exchange(request).status == 200)
            let start = Clocks.monotonicMilliseconds()
            #expect(try connection.readToEnd() == [])
            #expect(Clocks.monotonicMilliseconds() - start >= 300)
            running.wait { $0.connections == 0 }
            #expect(running.server.counters.refused == [:])
            // But the next request has to come in one go.
            connection = try running.connect()
            #expect(try connection.exchange(request).status == 200)
            try connection.send([1, 1])
            #expect(try connection.readToEnd() == [])
            running.wait { $0.refused == [.deadline: 1] }
        }
    }

    @Test func `that does not read its answer loses it`() throws {
        var options = FastCGIServer.Options()
        options.threads = 1
        options.sendTimeoutMilliseconds = 50
        try RunningServer.with(
            options,
            handler: { .text(String(repeating: "x", count: $0.path == "/" ? 8 << 20 : 1)) }
        ) { (running) throws in
            let connection = try running.connect()
            try connection.send(ClientRecords.request())
            running.wait { $0.lostAnswers == 1 && $0.connections == 0 }
            #expect(try running.answer(ClientRecords.request("GET", "/small")).text == "x")
            _ = connection
        }
    }

    @Test func `that leaves before its answer does no harm`() throws {
        let turnstile = Turnstile()
        let handler: Handler = { request in
            if request.path == "/wait" { turnstile.pass() }
            return .text("x")
        }
        try RunningServer.with(handler: handler) { (running) throws in
            for _ in 0..<3 {
                let connection = try running.connect()
                try connection.send(ClientRecords.request("GET", "/wait"))
                running.wait { $0.active > 0 }
            }
            turnstile.open()
            running.wait { $0.connections == 0 }
            #expect(running.server.counters.lostAnswers == 3)
            #expect(try running.answer(ClientRecords.request()).status == 200)
        }
    }

    @Test func `that is idle gives way to a new one`() throws {
        var options = FastCGIServer.Options()
        options.maximumConnections = 3
        options.threads = 1
        try RunningServer.with(options) { (running) throws in
            var kept: [Int32] = []
            defer { for number in kept { _ = Descriptor(owning: number) } }
            for _ in 1...10 {
                let socket = try Sockets.connect(unix: running.path)
                kept.append(try socket.duplicate().release())
                var connection = try ClientConnection(owning: socket.release())
                #expect(try connection.exchange(ClientRecords.request(keepsConnection: true)).status == 200)
            }
            running.wait { $0.connections <= 4 }
        }
    }

    @Test func `keeps nobody out for ever when there is no room`() throws {
        var options = FastCGIServer.Options()
        options.maximumConnections = 2
        options.requestTimeoutMilliseconds = 200
        try RunningServer.with(options) { (running) throws in
            let one = try running.connect()
            let two = try running.connect()
            try one.send([1])
            try two.send([1])
            running.wait { $0.waiting == 2 }
            // It waits in the listener's queue until one of the two has been closed.
            #expect(try running.answer(ClientRecords.request()).status == 200)
            #expect(running.server.counters.refused[.deadline] ?? 0 > 0)
        }
    }
}
