import FastCGI
import FastCGIClient
import Kernel
import Synchronization
import Testing
import Web

@Suite struct `Stopping` {
    @Test func `answers what is in hand`() throws {
        let turnstile = Turnstile()
        var options = FastCGIServer.Options()
        options.threads = 8
        let handler: Handler = { _ in
            turnstile.pass()
            return .text("done")
        }
        try RunningServer.with(options, handler: handler) { (running) throws in
            let answered = SharedCounts(1)
            let clients = try (0..<8).map { _ in
                try BlockingThread(name: "client") {
                    do {
                        let answer = try running.answer(ClientRecords.request(keepsConnection: true))
                        if answer.text == "done" { answered.add(0) }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
            running.wait { $0.active == 8 }
            running.server.stop()
            running.server.stop()
            turnstile.open()
            running.end()
            for client in clients { client.join() }
            #expect(answered.all == [8])
            #expect(running.server.counters.connections == 0)
        }
    }

    @Test func `answers what has arrived on kept connections`() throws {
        let turnstile = Turnstile()
        var options = FastCGIServer.Options()
        options.threads = 1
        let handler: Handler = { request in
            if request.path == "/wait" { turnstile.pass() }
            return .text("done")
        }
        try RunningServer.with(options, handler: handler) { (running) throws in
            let request = ClientRecords.request(keepsConnection: true)
            var kept = try running.connect()
            var other = try running.connect()
            #expect(try kept.exchange(request).status == 200)
            #expect(try other.exchange(request).status == 200)
            var busy = try running.connect()
            try busy.send(ClientRecords.request("GET", "/wait", keepsConnection: true))
            running.wait { $0.active == 1 }
            // The one thread is in the handler: this request waits in the socket.
            try kept.send(request)
            running.server.stop()
            // The idle connection goes at once, or as soon as the thread is free; the others are answered first.
            turnstile.open()
            #expect(try busy.readAnswer().text == "done")
            #expect(try kept.readAnswer().text == "done")
            #expect(try kept.readToEnd() == [])
            #expect(try other.readToEnd() == [])
            running.end()
        }
    }

    @Test func `closes idle connections at once`() throws {
        try RunningServer.with { (running) throws in
            var connections = [Int32]()
            for _ in 0..<20 {
                let socket = try Sockets.connect(unix: running.path)
                connections.append(try socket.duplicate().release())
                var connection = try ClientConnection(owning: socket.release())
                #expect(try connection.exchange(ClientRecords.request(keepsConnection: true)).status == 200)
            }
            let silent = try running.connect()
            running.wait { $0.waiting == 21 }
            let start = Clocks.monotonicMilliseconds()
            running.end()
            #expect(Clocks.monotonicMilliseconds() - start < 900)
            #expect(running.server.counters.connections == 0)
            for number in connections {
                var connection = try ClientConnection(owning: number)
                #expect(try connection.readToEnd() == [])
            }
            _ = silent
        }
    }

    @Test func `waits a little for the rest of a request`() throws {
        var options = FastCGIServer.Options()
        options.stopTimeoutMilliseconds = 5_000
        try RunningServer.with(options) { (running) throws in
            let request = ClientRecords.request("POST", "/", body: Array("abc".utf8), keepsConnection: true)
            var connection = try running.connect()
            try connection.send(Array(request.prefix(30)))
            running.waitForPartial()
            running.server.stop()
            // Long enough for the idle ones to be gone, and this one is not.
            Clocks.sleep(nanoseconds: 50_000_000)
            try connection.send(Array(request.dropFirst(30)))
            #expect(try connection.readAnswer().text == "POST / abc")
            let start = Clocks.monotonicMilliseconds()
            running.end()
            #expect(Clocks.monotonicMilliseconds() - start < 4_000)
        }
    }

    @Test func `waits no longer than it may`() throws {
        var options = FastCGIServer.Options()
        options.stopTimeoutMilliseconds = 50
        try RunningServer.with(options) { (running) throws in
            var connection = try running.connect()
            try connection.send([1, 1])
            running.waitForPartial()
            let start = Clocks.monotonicMilliseconds()
            running.end()
            #expect(Clocks.monotonicMilliseconds() - start < 2_000)
            #expect(try connection.readToEnd() == [])
            #expect(running.server.counters.refused == [.deadline: 1])
        }
    }

    @Test func `works before the beginning and takes nothing more`() throws {
        let path = "/tmp/latchkey-fastcgi-\(Processes.id)-early.sock"
        let listener = try ListeningSocket.path(path).open()
        defer {
            _ = Descriptor(owning: listener)
            try? Files.unlink(path)
        }
        let server = try FastCGIServer(listener: listener, logger: RunningServer.quiet)
        server.stop()
        let connection = try ClientConnection(unix: path)
        server.run(RunningServer.echo)
        server.run(RunningServer.echo)
        #expect(server.counters.accepted == 0)
        _ = connection
    }

    @Test func `loses no request under load`() throws {
        for _ in 0..<10 {
            let running = try RunningServer()
            let answered = SharedCounts(3)
            let clients = try (0..<6).map { _ in
                try BlockingThread(name: "client") {
                    let request = ClientRecords.request(keepsConnection: true)
                    guard var connection = try? running.connect() else { return }
                    while true {
                        // A send that fails has asked for nothing; what was sent has to be answered.
                        do throws(ClientError) { try connection.send(request) } catch {
                            return answered.add(1)
                        }
                        do throws(ClientError) { _ = try connection.readAnswer() } catch {
                            return answered.add(2)
                        }
                        answered.add(0)
                    }
                }
            }
            running.wait { $0.requests > 200 }
            running.end()
            for client in clients { client.join() }
            #expect(answered.all[2] == 0, "\(answered.all)")
        }
    }
}
