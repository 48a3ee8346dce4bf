import FastCGIClient
import Testing

@testable import FastCGI

extension WholeRequest {
    /// With the limits of the gate's tests.
    init?(_ bytes: [UInt8]) { self.init(bytes.span, limits: GateOutcome.limits) }
}

@Suite struct `A whole request` {
    @Test func `is what nginx sends`() throws {
        let bytes = ClientRecords.request(
            "POST",
            "/login",
            body: .init(repeating: 7, count: 1_000),
            requestID: 1,
            keepsConnection: true
        )
        let whole = try #require(WholeRequest(bytes))
        #expect(whole.requestID == 1)
        #expect(whole.keepsConnection)
        #expect(whole.bodyCount == 1_000)
        #expect(Array(bytes[whole.parameters]) == GateOutcome(bytes).parameters)
    }

    @Test func `is nothing that lacks a byte or has one too many`() {
        let bytes = ClientRecords.request(body: [1, 2, 3])
        for count in 0..<bytes.count {
            #expect(WholeRequest(Array(bytes.prefix(count))) == nil)
        }
        #expect(WholeRequest(bytes + [1]) == nil)
    }

    @Test func `has padding only where libfcgi skips it`() {
        for place in 0..<5 {
            var records = ClientRecords()
            records.begin(padding: place == 0 ? 8 : 0)
            records.parameters([("REQUEST_METHOD", "GET")], padding: place == 1 ? 8 : 0)
            records.append(type: 4, padding: place == 2 ? 8 : 0)
            records.append(type: 5, [1], padding: place == 3 ? 8 : 0)
            records.append(type: 5, padding: place == 4 ? 8 : 0)
            let isWhole = WholeRequest(records.bytes) != nil
            #expect(isWhole == (place == 1 || place == 3))
            #expect(GateOutcome(records.bytes).isComplete)
        }
    }

    @Test func `is never what the gate sees otherwise`() {
        var random = SeededRandom()
        defer { random.note() }
        let sound = [
            ClientRecords.request(),
            ClientRecords.request(
                "POST",
                "/login",
                body: Array("username=a&password=b".utf8),
                keepsConnection: true
            ),
            ClientRecords.request(
                parameters: [("HTTP_COOKIE", "a=b"), ("HTTP_COOKIE", "c=d")],
                requestID: 300
            ),
        ]
        var accepted = 0
        for round in 0..<200_000 {
            var bytes = sound[round % sound.count]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            guard let whole = WholeRequest(bytes) else { continue }
            accepted += 1
            let outcome = GateOutcome(bytes)
            #expect(outcome.isComplete)
            #expect(outcome.taken == bytes.count)
            #expect(outcome.requestID == whole.requestID)
            #expect(outcome.keepsConnection == whole.keepsConnection)
            #expect(outcome.parameters == Array(bytes[whole.parameters]))
            #expect(outcome.bodyCount == whole.bodyCount)
        }
        #expect(accepted > 1_000)
    }
}
