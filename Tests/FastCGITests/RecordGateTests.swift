import FastCGIClient
import Testing

@testable import FastCGI

/// What a gate made of a stream.
struct GateOutcome: Equatable {
    var refusal: FastCGIServer.Refusal?
    var taken = 0
    var isComplete = false
    var requestID: UInt16 = 0
    var keepsConnection = false
    var parameters: [UInt8] = []
    var body: [UInt8] = []
    var bodyCount = 0

    /// Feeds a stream in pieces of the given sizes, and the rest in one.
    init(_ bytes: [UInt8], pieces: [Int] = [], limits: RecordGate.Limits = GateOutcome.limits) {
        var gate = RecordGate(limits)
        var rest = bytes[...]
        do throws(FastCGIServer.Refusal) {
            for size in pieces + [bytes.count] where !gate.isComplete && !rest.isEmpty {
                let piece = rest.prefix(size)
                let count = try gate.feed(Array(piece).span)
                taken += count
                rest = rest.dropFirst(count)
                if count < piece.count { break }
            }
        } catch {
            refusal = error
        }
        isComplete = gate.isComplete
        requestID = gate.requestID
        keepsConnection = gate.keepsConnection
        parameters = gate.parameters
        body = gate.body
        bodyCount = gate.bodyCount
    }

    static let limits = RecordGate.Limits(parameterBytes: 65_536, bodyLimit: 65_536, discardLimit: 1 << 20)
}

@Suite struct `The record gate` {
    /// A wrong stream, and why.
    struct Wrong: CustomTestStringConvertible {
        var what: String
        var refusal: FastCGIServer.Refusal
        var write: @Sendable (inout ClientRecords) -> Void
        var testDescription: String { what }
    }

    static let parameters = [("REQUEST_METHOD", "GET")]

    static let wrong: [Wrong] = [
        Wrong(what: "version 0", refusal: .version) {
            $0.append(version: 0, type: 1, .init(repeating: 0, count: 8))
        },
        Wrong(what: "version 2", refusal: .version) {
            $0.append(version: 2, type: 1, .init(repeating: 0, count: 8))
        },
        Wrong(what: "an HTTP request", refusal: .version) {
            $0.append(raw: Array("GET / HTTP/1.1\r\n\r\n".utf8))
        },
        Wrong(what: "GET_VALUES first", refusal: .managementRecord) { $0.append(type: 9, requestID: 0) },
        Wrong(what: "UNKNOWN_TYPE first", refusal: .managementRecord) {
            $0.append(type: 11, requestID: 0, .init(repeating: 0, count: 8))
        },
        Wrong(what: "an unheard-of type of id 0", refusal: .managementRecord) {
            $0.append(type: 200, requestID: 0)
        },
        Wrong(what: "BEGIN of id 0", refusal: .managementRecord) { $0.begin(requestID: 0) },
        Wrong(what: "PARAMS of id 0", refusal: .managementRecord) {
            $0.begin()
            $0.parameters(parameters, requestID: 0)
        },
        Wrong(what: "GET_VALUES between PARAMS", refusal: .managementRecord) {
            $0.begin()
            $0.parameters(parameters)
            $0.append(type: 9, requestID: 0)
        },
        Wrong(what: "GET_VALUES within STDIN", refusal: .managementRecord) {
            $0.begin()
            $0.append(type: 4)
            $0.append(type: 5, [1, 2, 3])
            $0.append(type: 9, requestID: 0)
        },
        Wrong(what: "GET_VALUES with an id", refusal: .recordType) { $0.append(type: 9) },
        Wrong(what: "type 0", refusal: .recordType) { $0.append(type: 0) },
        Wrong(what: "END_REQUEST from the peer", refusal: .recordType) {
            $0.append(type: 3, .init(repeating: 0, count: 8))
        },
        Wrong(what: "STDOUT from the peer", refusal: .recordType) {
            $0.begin()
            $0.append(type: 6)
        },
        Wrong(what: "STDERR from the peer", refusal: .recordType) {
            $0.begin()
            $0.append(type: 7)
        },
        Wrong(what: "DATA, which a filter has", refusal: .recordType) {
            $0.begin()
            $0.append(type: 4)
            $0.append(type: 8, [1])
        },
        Wrong(what: "type 12", refusal: .recordType) { $0.append(type: 12) },
        Wrong(what: "type 255", refusal: .recordType) { $0.append(type: 255) },
        Wrong(what: "ABORT first", refusal: .abort) { $0.append(type: 2) },
        Wrong(what: "ABORT after BEGIN", refusal: .abort) {
            $0.begin()
            $0.append(type: 2)
        },
        Wrong(what: "ABORT within STDIN", refusal: .abort) {
            $0.begin()
            $0.append(type: 4)
            $0.append(type: 2)
        },
        Wrong(what: "role 0", refusal: .role) { $0.begin(role: 0) },
        Wrong(what: "an authorizer", refusal: .role) { $0.begin(role: 2) },
        Wrong(what: "a filter", refusal: .role) { $0.begin(role: 3) },
        Wrong(what: "role 9", refusal: .role) { $0.begin(role: 9) },
        Wrong(what: "role 257", refusal: .role) { $0.begin(role: 257) },
        Wrong(what: "BEGIN of 0 bytes", refusal: .length) { $0.append(type: 1) },
        Wrong(what: "BEGIN of 7 bytes", refusal: .length) {
            $0.append(type: 1, .init(repeating: 1, count: 7))
        },
        Wrong(what: "BEGIN of 9 bytes", refusal: .length) {
            $0.append(type: 1, .init(repeating: 1, count: 9))
        },
        Wrong(what: "BEGIN of 65,535 bytes", refusal: .length) { $0.append(type: 1, claimedLength: 65_535) },
        Wrong(what: "PARAMS first", refusal: .order) { $0.parameters(parameters) },
        Wrong(what: "STDIN first", refusal: .order) { $0.append(type: 5) },
        Wrong(what: "STDIN before the end of PARAMS", refusal: .order) {
            $0.begin()
            $0.parameters(parameters)
            $0.append(type: 5)
        },
        Wrong(what: "a second BEGIN at once", refusal: .order) {
            $0.begin()
            $0.begin()
        },
        Wrong(what: "a second BEGIN within STDIN", refusal: .order) {
            $0.begin()
            $0.append(type: 4)
            $0.append(type: 5, [1])
            $0.begin()
        },
        Wrong(what: "PARAMS after their end", refusal: .order) {
            $0.begin()
            $0.append(type: 4)
            $0.append(type: 4)
        },
        Wrong(what: "BEGIN of another request", refusal: .requestID) {
            $0.begin()
            $0.begin(requestID: 2)
        },
        Wrong(what: "PARAMS of another request", refusal: .requestID) {
            $0.begin(requestID: 7)
            $0.parameters(parameters, requestID: 8)
        },
        Wrong(what: "an id that differs in its upper byte", refusal: .requestID) {
            $0.begin(requestID: 1)
            $0.parameters(parameters, requestID: 257)
        },
        Wrong(what: "STDIN of another request", refusal: .requestID) {
            $0.begin()
            $0.append(type: 4)
            $0.append(type: 5, requestID: 2)
        },
        Wrong(what: "too many bytes of PARAMS", refusal: .parametersTooLarge) {
            $0.begin()
            $0.append(type: 4, .init(repeating: 1, count: 65_535))
            $0.append(type: 4, .init(repeating: 1, count: 2))
        },
        Wrong(what: "more STDIN than is discarded", refusal: .bodyTooLarge) {
            $0.begin()
            $0.append(type: 4)
            for _ in 0..<17 { $0.append(type: 5, .init(repeating: 1, count: 65_535)) }
        },
    ]

    @Test(arguments: wrong) func `refuses what nginx would not send`(_ wrong: Wrong) {
        var records = ClientRecords()
        wrong.write(&records)
        let whole = GateOutcome(records.bytes)
        #expect(whole.refusal == wrong.refusal)
        #expect(!whole.isComplete)
        #expect(WholeRequest(records.bytes) == nil)
        // The same, byte by byte, and with something sound behind it.
        if records.bytes.count < 1_000 {
            let single = GateOutcome(records.bytes, pieces: .init(repeating: 1, count: records.bytes.count))
            #expect(single.refusal == wrong.refusal)
        }
        #expect(GateOutcome(records.bytes + ClientRecords.request()).refusal == wrong.refusal)
    }

    @Test(arguments: [UInt8](1...8)) func `takes no answer for a beginning that stops`(_ count: UInt8) {
        let outcome = GateOutcome(Array(ClientRecords.request().prefix(Int(count))))
        #expect(outcome.refusal == nil)
        #expect(!outcome.isComplete)
    }

    @Test func `takes a request split at every byte`() {
        let body = Array("username=johnDoe&password=secret".utf8)
        let bytes = ClientRecords.request("POST", "/login", parameters: [("HTTP_COOKIE", "a=b")], body: body)
        let whole = GateOutcome(bytes)
        #expect(whole.isComplete)
        #expect(whole.refusal == nil)
        #expect(whole.body == body)
        #expect(whole.taken == bytes.count)
        for split in 1..<bytes.count {
            #expect(GateOutcome(bytes, pieces: [split]) == whole)
            #expect(!GateOutcome(Array(bytes.prefix(split))).isComplete)
        }
        #expect(GateOutcome(bytes, pieces: .init(repeating: 1, count: bytes.count)) == whole)
    }

    @Test func `puts together what comes in records of any size with any padding`() {
        let pairs = ClientRecords.pair(Array("REQUEST_METHOD".utf8), Array("GET".utf8))
        var records = ClientRecords()
        records.begin(requestID: 65_535, keepsConnection: true, padding: 255)
        for (index, byte) in pairs.enumerated() {
            records.append(type: 4, requestID: 65_535, [byte], padding: UInt8(index * 7))
        }
        records.append(type: 4, requestID: 65_535, padding: 9)
        records.append(type: 5, requestID: 65_535, [1, 2, 3], padding: 255)
        records.append(type: 5, requestID: 65_535, [4])
        records.append(type: 5, requestID: 65_535, padding: 3)
        let outcome = GateOutcome(records.bytes)
        #expect(outcome.isComplete)
        #expect(outcome.taken == records.bytes.count)
        #expect(outcome.requestID == 65_535)
        #expect(outcome.keepsConnection)
        #expect(outcome.parameters == pairs)
        #expect(outcome.body == [1, 2, 3, 4])
        for split in 1..<records.bytes.count {
            #expect(GateOutcome(records.bytes, pieces: [split]) == outcome)
        }
        // Without the last byte of the last padding the connection would not be where the next request begins.
        #expect(!GateOutcome(Array(records.bytes.dropLast())).isComplete)
    }

    @Test func `stops behind the request`() {
        let request = ClientRecords.request()
        let outcome = GateOutcome(request + ClientRecords.request())
        #expect(outcome.isComplete)
        #expect(outcome.taken == request.count)
    }

    @Test func `counts a body beyond the limit without keeping it`() {
        let limits = RecordGate.Limits(parameterBytes: 1_000, bodyLimit: 100, discardLimit: 1_000)
        #expect(
            GateOutcome(ClientRecords.request(body: .init(repeating: 7, count: 100)), limits: limits).body
                .count == 100
        )
        let larger = GateOutcome(ClientRecords.request(body: .init(repeating: 7, count: 101)), limits: limits)
        #expect(larger.isComplete)
        #expect(larger.bodyCount == 101)
        #expect(larger.body.isEmpty)
        let largest = GateOutcome(
            ClientRecords.request(body: .init(repeating: 7, count: 1_000)),
            limits: limits
        )
        #expect(largest.isComplete)
        let beyond = GateOutcome(
            ClientRecords.request(body: .init(repeating: 7, count: 1_001)),
            limits: limits
        )
        #expect(beyond.refusal == .bodyTooLarge)
    }

    @Test func `takes parameters up to the limit and not a byte more`() {
        let limits = RecordGate.Limits(parameterBytes: 100, bodyLimit: 0, discardLimit: 0)
        for (count, refusal) in [(100, nil), (101, FastCGIServer.Refusal.parametersTooLarge)] {
            var records = ClientRecords()
            records.begin()
            records.append(type: 4, .init(repeating: 1, count: 60))
            records.append(type: 4, .init(repeating: 1, count: count - 60))
            records.append(type: 4)
            records.body([])
            #expect(GateOutcome(records.bytes, limits: limits).refusal == refusal)
        }
    }
}
