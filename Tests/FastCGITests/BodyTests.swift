import FastCGI
import FastCGIClient
import Testing
import Web

@Suite struct `A body` {
    static var options: FastCGIServer.Options {
        var options = FastCGIServer.Options()
        options.bodyLimit = 50_000
        options.discardLimit = 100_000
        return options
    }

    static func post(_ size: Int, length: String?, keepsConnection: Bool = true) -> [UInt8] {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        // A name that stands for none, so that the client adds none by itself.
        let parameters = length.map { [("CONTENT_LENGTH", $0)] } ?? [("CONTENT_LENGTH", "")]
        return ClientRecords.request(
            "POST",
            "/",
            parameters: parameters,
            body: body,
            keepsConnection: keepsConnection
        )
    }

    @Test(arguments: [0, 1, 4_096, 32_000, 32_768, 49_999, 50_000]) func `comes whole up to the limit`(
        _ size: Int
    ) throws {
        try RunningServer.with(Self.options) { (running) throws in
            let answer = try running.answer(Self.post(size, length: String(size)))
            #expect(answer.body == Array("POST / ".utf8) + (0..<size).map { UInt8(truncatingIfNeeded: $0) })
        }
    }

    @Test func `leaves nothing of itself in the connection`() throws {
        // libfcgi reads 8,192 bytes at a time; these end before, at and behind that.
        try RunningServer.with(Self.options) { (running) throws in
            var connection = try running.connect()
            for size in 7_950..<8_200 {
                #expect(try connection.exchange(Self.post(size, length: String(size))).body.count == size + 7)
            }
            #expect(running.server.counters.refused == [:])
        }
    }

    @Test(arguments: [50_001, 65_536, 100_000]) func `beyond the limit is 413, and the connection is kept`(
        _ size: Int
    ) throws {
        try RunningServer.with(Self.options) { (running) throws in
            var connection = try running.connect()
            for _ in 0..<2 {
                #expect(try connection.exchange(Self.post(size, length: String(size))).status == 413)
                #expect(try connection.exchange(Self.post(3, length: "3")).status == 200)
            }
            #expect(running.server.counters.refused == [.bodyTooLarge: 2])
        }
    }

    @Test func `beyond what is discarded ends the connection`() throws {
        try RunningServer.with(Self.options) { (running) throws in
            var connection = try running.connect()
            // The end may be met while sending already.
            try? connection.send(Self.post(400_000, length: "400000"))
            #expect(try connection.readAnswer().status == 413)
            _ = try connection.readToEnd()
            running.wait { $0.connections == 0 }
        }
    }

    static let lengths: [(size: Int, length: String?, status: Int)] = [
        (0, nil, 200), (0, "", 200), (0, "0", 200), (0, "00", 200), (5, nil, 200), (5, "5", 200),
        (5, "05", 200),
        (0, "1", 400), (5, "0", 400), (5, "4", 400), (5, "6", 400), (5, "abc", 400), (5, "-5", 400),
        (5, "+5", 400), (5, " 5", 400),
        (5, "5 ", 400), (5, "5,5", 400), (5, "0x5", 400), (5, "5.0", 400), (5, "٥", 400),
        (5, "4294967301", 413),
        (5, "18446744073709551621", 413), (5, "99999999999999999999999999999999999999", 413),
        (0, "50001", 413), (0, "50000", 400),
    ]

    @Test(arguments: lengths.indices) func `is as long as CONTENT_LENGTH says`(_ index: Int) throws {
        let (size, length, status) = Self.lengths[index]
        try RunningServer.with(Self.options) { (running) throws in
            var connection = try running.connect()
            #expect(try connection.exchange(Self.post(size, length: length)).status == status)
            #expect(try connection.exchange(Self.post(3, length: "3")).status == 200)
        }
    }

    @Test func `of a megabyte comes whole, in records of any size`() throws {
        var options = FastCGIServer.Options()
        options.bodyLimit = 1 << 20
        let body = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let expected = Array("POST / ".utf8) + body
        try RunningServer.with(options) { (running) throws in
            for recordBytes in [1_000, 8_191, 65_535] {
                var records = ClientRecords()
                records.begin()
                records.parameters([("REQUEST_METHOD", "POST"), ("CONTENT_LENGTH", String(body.count))])
                records.append(type: 4)
                records.body(body, recordBytes: recordBytes)
                let answer = try running.answer(records.bytes)
                #expect(answer.body == expected)
            }
        }
    }
}
