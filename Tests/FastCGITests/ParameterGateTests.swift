import FastCGIClient
import Testing

@testable import FastCGI

@Suite struct `The parameter gate` {
    /// Checks pairs behind a REQUEST_METHOD.
    static func check(_ more: [UInt8], limit: Int = 200) -> FastCGIServer.Refusal? {
        var gate = ParameterGate(limit: limit)
        do throws(FastCGIServer.Refusal) {
            try gate.check((pair("REQUEST_METHOD", "GET") + more).span)
            return nil
        } catch {
            return error
        }
    }

    static func pair(_ name: String, _ value: String) -> [UInt8] {
        ClientRecords.pair(Array(name.utf8), Array(value.utf8))
    }

    @Test(arguments: ["A", "Z", "0", "9", "_", "HTTP_X_1", "A_"])
    func `lets a name of capitals, digits and _ pass`(
        _ name: String
    ) {
        #expect(Self.check(Self.pair(name, "x")) == nil)
    }

    @Test func `lets no other byte into a name`() {
        for byte in UInt8(0)...255 {
            let isGood = 0x41...0x5A ~= byte || 0x30...0x39 ~= byte || byte == 0x5F
            for name in [[byte], [0x41, byte], [byte, 0x41]] {
                let refusal = Self.check(ClientRecords.pair(name, [0x78]))
                #expect(refusal == (isGood ? nil : .parameterName), "byte \(byte)")
            }
        }
        #expect(Self.check(ClientRecords.pair([], [0x78])) == .parameterName)
        #expect(Self.check(Self.pair("HTTP_COOKIE=sid", "x")) == .parameterName)
    }

    @Test func `lets every byte but NUL into a value`() {
        for byte in UInt8(0)...255 {
            for length in [1, 7, 8, 9, 16, 33] {
                for place in [0, length / 2, length - 1] {
                    var value = [UInt8](repeating: 0xFF, count: length)
                    value[place] = byte
                    let refusal = Self.check(ClientRecords.pair([0x41], value))
                    #expect(refusal == (byte == 0 ? .parameterValue : nil))
                }
            }
        }
        #expect(Self.check(Self.pair("A", "")) == nil)
    }

    @Test func `names the name it refuses`() {
        var gate = ParameterGate(limit: 2)
        #expect(throws: FastCGIServer.Refusal.parameterName) { try gate.check(Self.pair("Lower", "x").span) }
        #expect(gate.refusedName == Array("Lower".utf8))
        #expect(throws: FastCGIServer.Refusal.parameterName) {
            try gate.check(Self.pair(String(repeating: "a", count: 100), "x").span)
        }
        #expect(gate.refusedName.count == 32)
    }

    /// Lengths that are not what follows, with how many bytes of content they get.
    static let lies: [(name: [UInt8], value: [UInt8], content: Int)] = [
        ([1], [], 0), ([0x7F], [1], 100), ([1], [5], 5), ([1], [0x80], 0), ([0x80, 0, 0], [], 0),
        ([0x80, 0, 0, 1], [0x80, 0, 0, 2], 2),
        ([0xFF, 0xFF, 0xFF, 0xFF], [1], 10), ([1], [0xFF, 0xFF, 0xFF, 0xFF], 10),
        ([0xFF, 0xFF, 0xFF, 0xFE], [0xFF, 0xFF, 0xFF, 0xFE], 10),  // the sum as a C int is -4
        ([0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], 10),
        ([0xC0, 0, 0, 0], [0xC0, 0, 0, 0], 10),  // 2^31
        ([0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 1], 10),  // 2^31
        ([0xBF, 0xFF, 0xFF, 0xFF], [0xC0, 0, 0, 0], 10),  // 2^31 - 1
    ]

    @Test(arguments: lies.indices) func `refuses lengths that lie`(_ index: Int) {
        let lie = Self.lies[index]
        let content = [UInt8](repeating: 0x41, count: lie.content)
        #expect(Self.check(lie.name + lie.value + content) == .length)
    }

    @Test func `reads lengths in four bytes, also small ones`() {
        var bytes = ClientRecords.length(1, inFourBytes: true) + ClientRecords.length(2, inFourBytes: true)
        bytes += Array("Axy".utf8)
        #expect(Self.check(bytes) == nil)
        #expect(Self.check(Self.pair("A", String(repeating: "x", count: 60_000))) == nil)
    }

    @Test func `counts the parameters`() {
        let many = (0..<199).flatMap { Self.pair("HTTP_X\($0)", "") }
        #expect(Self.check(many) == nil)
        #expect(Self.check(many + Self.pair("ONE_MORE", "")) == .tooManyParameters)
        #expect(Self.check(many + Self.pair("ONE_MORE", ""), limit: 201) == nil)
    }

    @Test func `wants a method`() {
        var gate = ParameterGate(limit: 10)
        #expect(throws: FastCGIServer.Refusal.methodMissing) { try gate.check([UInt8]().span) }
        #expect(throws: FastCGIServer.Refusal.methodMissing) {
            try gate.check(Self.pair("REQUEST_URI", "/").span)
        }
        #expect(throws: FastCGIServer.Refusal.methodMissing) {
            try gate.check(Self.pair("REQUEST_METHOD", "").span)
        }
    }

    @Test(arguments: ["REQUEST_URI", "REMOTE_ADDR", "QUERY_STRING", "SERVER_PROTOCOL", "CONTENT_LENGTH"])
    func `refuses two answers to one question`(_ name: String) {
        #expect(Self.check(Self.pair(name, "1") + Self.pair(name, "2")) == .parameterTwice)
        #expect(Self.check(Self.pair(name, "1") + Self.pair(name, "12")) == .parameterTwice)
        #expect(Self.check(Self.pair(name, "1") + Self.pair(name, "")) == .parameterTwice)
        #expect(Self.check(Self.pair(name, "1") + Self.pair(name, "1")) == nil)
        #expect(Self.check(Self.pair("REQUEST_METHOD", "POST")) == .parameterTwice)
    }

    @Test func `lets a site file leave the body out and a client repeat a header`() {
        // `fastcgi_param CONTENT_LENGTH "";` before the distribution's parameters.
        #expect(Self.check(Self.pair("CONTENT_LENGTH", "") + Self.pair("CONTENT_LENGTH", "12")) == nil)
        #expect(Self.check(Self.pair("REMOTE_ADDR", "") + Self.pair("REMOTE_ADDR", "::1")) == .parameterTwice)
        #expect(Self.check(Self.pair("HTTP_COOKIE", "a=b") + Self.pair("HTTP_COOKIE", "c=d")) == nil)
        #expect(Self.check(Self.pair("SERVER_NAME", "a") + Self.pair("SERVER_NAME", "b")) == nil)
    }

    @Test func `remembers where everything is`() throws {
        var gate = ParameterGate(limit: 10)
        try gate.check(
            (Self.pair("REQUEST_METHOD", "GET") + Self.pair("A", String(repeating: "x", count: 300))).span
        )
        #expect(gate.pairs.map(\.nameLength) == [14, 1])
        #expect(gate.pairs.map(\.valueLength) == [3, 300])
    }

    @Test func `survives whatever it is given`() {
        var random = SeededRandom()
        defer { random.note() }
        var gate = ParameterGate(limit: 20)
        for _ in 0..<100_000 {
            let count = Int.random(in: 0...40, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            try? gate.check(bytes.span)
            let total = gate.pairs.reduce(0) { $0 + Int($1.nameLength) + Int($1.valueLength) }
            #expect(total <= count)
        }
    }
}
