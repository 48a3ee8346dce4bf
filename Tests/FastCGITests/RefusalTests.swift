import FastCGI
import FastCGIClient
import Kernel
import Testing
import Web

@Suite struct `A server that refuses` {
    @Test(arguments: `The record gate`.wrong.filter { $0.refusal.answer == nil })
    func `ends the connection without a byte`(_ wrong: `The record gate`.Wrong) throws {
        try RunningServer.with { (running) throws in
            var records = ClientRecords()
            wrong.write(&records)
            var connection = try running.connect()
            try? connection.send(records.bytes)
            #expect(try connection.readToEnd() == [])
            running.wait { $0.connections == 0 }
            #expect(running.server.counters.refused == [wrong.refusal: 1])
            #expect(running.server.counters.requests == 0)
            #expect(try running.answer(ClientRecords.request()).status == 200)
        }
    }

    static let parameters: [(pairs: [(String, String)], status: Int, refusal: FastCGIServer.Refusal)] = [
        ([("lower", "x")], 400, .parameterName), ([("HTTP_COOKIE=a", "x")], 400, .parameterName),
        ([("", "x")], 400, .parameterName), ([("HTTP_X", "a\0b")], 400, .parameterValue),
        ([("REMOTE_ADDR", "::1"), ("REMOTE_ADDR", "::2")], 400, .parameterTwice),
        ([("REQUEST_METHOD", "")], 400, .methodMissing),
        ((0..<199).map { ("HTTP_X\($0)", "") }, 431, .tooManyParameters),
        (
            [
                ("HTTP_COOKIE", String(repeating: "x", count: 40_000)),
                ("HTTP_X", String(repeating: "x", count: 25_000)),
            ], 431, .parametersTooLarge
        ),
    ]

    @Test(arguments: parameters.indices) func `answers parameters it cannot take`(_ index: Int) throws {
        let (pairs, status, refusal) = Self.parameters[index]
        var options = FastCGIServer.Options()
        options.parameterBytes = 60_000
        try RunningServer.with(options) { (running) throws in
            var connection = try running.connect()
            let answer = try connection.exchange(
                ClientRecords.request(parameters: pairs, requestID: 9),
                requestID: 9
            )
            #expect(answer.status == status)
            #expect(try connection.readToEnd() == [])
            #expect(running.server.counters.refused == [refusal: 1])
            #expect(running.server.counters.requests == 0)
        }
    }

    @Test func `takes 64 KiB of cookies when they come within the bound`() throws {
        var options = FastCGIServer.Options()
        options.parameterBytes = 100_000
        let cookie = String(repeating: "x", count: 30_000)
        var records = ClientRecords()
        records.begin()
        records.parameters([("REQUEST_METHOD", "GET"), ("HTTP_COOKIE", cookie)])
        records.parameters([("HTTP_COOKIE", cookie)])
        records.append(type: 4)
        records.body([])
        try RunningServer.with(options, handler: { .text(String($0.header(.cookie)?.utf8.count ?? 0)) }) {
            (running) throws in
            #expect(try running.answer(records.bytes).text == "60002")
        }
    }

    @Test func `closes behind a second request that did not wait`() throws {
        try RunningServer.with { (running) throws in
            var connection = try running.connect()
            let request = ClientRecords.request(keepsConnection: true)
            try connection.send(request + request)
            #expect(try connection.readAnswer().status == 200)
            #expect(try connection.readToEnd() == [])
            #expect(running.server.counters.refused == [.order: 1])
        }
    }

    @Test func `lets in only whom it knows`() throws {
        var options = FastCGIServer.Options()
        options.allowedUsers = [Processes.user &+ 1]
        try RunningServer.with(options) { (running) throws in
            var connection = try running.connect()
            try? connection.send(ClientRecords.request())
            #expect(try connection.readToEnd() == [])
            #expect(running.server.counters.refused == [.peer: 1])
        }
        options.allowedUsers = [Processes.user]
        try RunningServer.with(options) { (running) throws in
            #expect(try running.answer(ClientRecords.request()).status == 200)
        }
    }

    @Test func `counts a peer that leaves in the middle`() throws {
        try RunningServer.with { (running) throws in
            let connection = try running.connect()
            try connection.send([1, 1, 0])
            try connection.endSending()
            running.wait { $0.refused == [.abandoned: 1] && $0.connections == 0 }
        }
    }
}
