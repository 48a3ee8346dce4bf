import FastCGIClient
import TestBench
import Testing

extension EndToEnd {
    /// Bodies that are too long, or not as long as they say, through nginx and past it.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `06 bad bodies` {
        private static let form = ("Content-Type", "application/x-www-form-urlencoded")
        private static let good = "username=johnDoe&password=password123"

        private func withWorkers(_ body: (Bench.Nginx, Bench.Workers) throws -> Void) throws {
            try Bench.with { bench in
                let workers = try bench.workers(Bench.WorkerOptions(accounts: try bench.accounts().socket))
                var server = NginxServer(workers.socket)
                server.directives = ["client_max_body_size 40m;"]
                try body(try bench.nginx(server), workers)
                #expect(workers.areAllRunning)
            }
        }

        @Test func `a chunked upload is a form like any other`() throws {
            try withWorkers { nginx, _ in
                let bytes = Array(Self.good.utf8)
                for size in [1, 3, 7, 1000] {
                    let chunks = stride(from: 0, to: bytes.count, by: size).map {
                        Array(bytes[$0..<min($0 + size, bytes.count)])
                    }
                    let answer = try nginx.client().send("POST", "/login", [Self.form], body: .chunks(chunks))
                    #expect(answer.text == Sentence.hello("johnDoe"))
                }
                let none = try nginx.client().send("POST", "/login", [Self.form], body: .chunks([]))
                #expect(none.status == 400)
            }
        }

        @Test func `a body at the limit is read and one beyond is 413`() throws {
            try withWorkers { nginx, workers in
                func post(_ count: Int, chunked: Bool) throws -> Int {
                    let head = Array((Self.good + "&filler=").utf8)
                    let bytes = head + Array(repeating: UInt8(ascii: "x"), count: count - head.count)
                    let body =
                        chunked
                        ? HTTPBody.chunks([Array(bytes.prefix(5)), Array(bytes.dropFirst(5))]) : .bytes(bytes)
                    return try nginx.client().send("POST", "/login", [Self.form], body: body).status
                }
                for chunked in [false, true] {
                    #expect(try post(65_536, chunked: chunked) == 200)
                    #expect(try post(65_537, chunked: chunked) == 413)
                    #expect(try post(1 << 20, chunked: chunked) == 413)
                }
                let before = try #require(workers.processes[0].facts.residentKiB)
                for _ in 0..<5 { #expect(try post(8 << 20, chunked: false) == 413) }
                let after = try #require(workers.processes[0].facts.residentKiB)
                #expect(after - before < 4096, "\(before) KiB, then \(after) KiB")
                // So much is not even read to be refused; nginx says that its upstream hung up.
                #expect([413, 502].contains(try post(32 << 20, chunked: false)))
                #expect(try nginx.client().signIn().status == 200)
            }
        }

        @Test func `a body with a method that has none does no harm`() throws {
            try withWorkers { nginx, _ in
                for method in ["GET", "HEAD", "OPTIONS", "DELETE"] {
                    let answer = try nginx.client().send(
                        method,
                        "/login",
                        [Self.form],
                        body: .form([("a", "b")])
                    )
                    #expect(answer.status == (method == "DELETE" ? 405 : method == "OPTIONS" ? 204 : 200))
                }
            }
        }

        @Test func `lengths that lie are nginx's to refuse`() throws {
            try withWorkers { nginx, _ in
                let client = nginx.client()
                for length in ["-1", "+5", "0x10", "1e3", "5, 5", "99999999999999999999", "abc", ""] {
                    let bytes = client.request(
                        "POST",
                        "/login",
                        [Self.form, ("Content-Length", length)],
                        .bytes(Array("a=b".utf8))
                    )
                    let text = String(decoding: try client.raw(bytes), as: UTF8.self)
                    #expect(
                        text.hasPrefix("HTTP/1.1 400") || text.hasPrefix("HTTP/1.1 413"),
                        "\(length): \(text.prefix(40))"
                    )
                }
                let both = client.request(
                    "POST",
                    "/login",
                    [Self.form, ("Content-Length", "3"), ("Transfer-Encoding", "chunked")],
                    .bytes(Array("0\r\n\r\n".utf8))
                )
                #expect(String(decoding: try client.raw(both), as: UTF8.self).hasPrefix("HTTP/1.1 400"))
            }
        }

        /// Sends records as they are to the workers' socket.
        private func ask(_ workers: Bench.Workers, _ records: [UInt8]) throws -> ClientAnswer {
            var connection = try ClientConnection(unix: workers.socket)
            return try connection.exchange(records)
        }

        private func request(_ parameters: [(String, String)], _ body: String, method: String = "POST")
            -> [UInt8]
        {
            let type = [("CONTENT_TYPE", "application/x-www-form-urlencoded")]
            return ClientRecords.request(
                method,
                "/login",
                parameters: type + parameters,
                body: Array(body.utf8)
            )
        }

        @Test func `a wrong CONTENT_LENGTH is 400`() throws {
            try withWorkers { nginx, workers in
                let right = "\(Self.good.utf8.count)"
                #expect(
                    try ask(workers, request([("CONTENT_LENGTH", right)], Self.good)).text
                        == Sentence.hello("johnDoe")
                )
                #expect(try ask(workers, request([], Self.good)).status == 200)
                let wrong = [
                    "0", "1", "\(Self.good.utf8.count - 1)", "\(Self.good.utf8.count + 1)", "-1", "+37",
                    "0x25", "a", " 37",
                ]
                for length in wrong {
                    let answer = try ask(workers, request([("CONTENT_LENGTH", length)], Self.good))
                    #expect(answer.status == 400, "\(length)")
                    #expect(answer.field("Set-Cookie") == nil)
                }
                for length in ["65537", "999999999999", "9223372036854775807", "18446744073709551616"] {
                    #expect(
                        try ask(workers, request([("CONTENT_LENGTH", length)], Self.good)).status == 413,
                        "\(length)"
                    )
                }
                let twice = [("CONTENT_LENGTH", right), ("CONTENT_LENGTH", "5")]
                #expect(try ask(workers, request(twice, Self.good)).status == 400)
                #expect(workers.logLines.contains { $0.contains("contentLength") })
                #expect(try nginx.client().signIn().status == 200)
            }
        }

        @Test func `parameters that nginx would not send are 400 or 431`() throws {
            try withWorkers { _, workers in
                let cases: [([(String, String)], Int)] = [
                    ([("HTTP_COOKIE=sid=evil", "x")], 400), ([("http_cookie", "x")], 400), ([("", "x")], 400),
                    ([("HTTP_COOKIE", "sid=a\u{0}b")], 400), ([("X\u{0}", "")], 400), ([("HTTP-X", "")], 400),
                    ([("REQUEST_METHOD", "")], 400),
                    ([("REMOTE_ADDR", "1.2.3.4"), ("REMOTE_ADDR", "5.6.7.8")], 400),
                    ([("REQUEST_URI", "/a"), ("REQUEST_URI", "/b")], 400),
                    ((0..<300).map { ("A\($0)", "") }, 431),
                ]
                for (parameters, status) in cases {
                    let records = ClientRecords.request("GET", "/dashboard", parameters: parameters)
                    #expect(try ask(workers, records).status == status, "\(parameters.prefix(2))")
                }
                var large = ClientRecords()
                large.begin()
                for number in 0..<3 {
                    large.parameters([("A\(number)", String(repeating: "x", count: 30_000))])
                }
                large.parameters([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/")])
                large.append(type: 4)
                large.body([])
                var connection = try ClientConnection(unix: workers.socket)
                try? connection.send(large.bytes)
                #expect(try connection.readAnswer().status == 431)
                #expect(try ask(workers, ClientRecords.request("GET", "/")).text == Sentence.welcome)
            }
        }

        @Test func `records that nginx would not send end the connection and nothing else`() throws {
            try withWorkers { _, workers in
                var streams: [[UInt8]] = [
                    [0], [1], Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0xFF, count: 65_536),
                ]
                for type in UInt8(0)...15 {
                    for id in [UInt16(0), 1] {
                        var records = ClientRecords()
                        records.append(type: type, requestID: id, [UInt8](repeating: 0, count: 8))
                        streams.append(records.bytes)
                        var later = ClientRecords()
                        later.begin()
                        later.append(type: type, requestID: id, [UInt8](repeating: 7, count: 40))
                        streams.append(later.bytes)
                    }
                }
                for role in [UInt16(0), 2, 3, 9, 65_535] {
                    var records = ClientRecords()
                    records.begin(role: role)
                    streams.append(records.bytes)
                }
                let whole = ClientRecords.request("GET", "/")
                for length in stride(from: 1, to: whole.count, by: 7) {
                    streams.append(Array(whole.prefix(length)))
                }
                for stream in streams {
                    var connection = try ClientConnection(unix: workers.socket)
                    try? connection.send(stream)
                    try? connection.endSending()
                    _ = try connection.readToEnd()
                    #expect(workers.areAllRunning)
                }
                #expect(try ask(workers, whole).text == Sentence.welcome)
            }
        }
    }
}
