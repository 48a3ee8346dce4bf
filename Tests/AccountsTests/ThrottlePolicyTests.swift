import AccountsClient
import Testing

@testable import Accounts

@Suite struct `the throttle's policy` {
    @Test(
        arguments: [
            (0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (16, 2048), (17, 3600),
            (18, 3600), (99, 3600),
            (1_000_000, 3600),
        ] as [(Int, Int64)]
    )
    func `an account waits so many seconds after so many failures`(count: Int, seconds: Int64) {
        #expect(ThrottlePolicy.account.wait(after: count) == seconds * 1000)
    }

    @Test(arguments: [(19, 0), (20, 1), (21, 2), (29, 512), (30, 900), (5000, 900)] as [(Int, Int64)])
    func `an address waits so many seconds after so many failures`(count: Int, seconds: Int64) {
        #expect(ThrottlePolicy.address.wait(after: count) == seconds * 1000)
    }

    @Test(
        arguments: [
            // count, last failure ago, what is said
            (4, 0, ThrottlePolicy.Answer.open), (5, 0, .closed(milliseconds: 1000)),
            (5, 999, .closed(milliseconds: 1)),
            (5, 1000, .open), (8, 0, .closed(milliseconds: 8000)), (8, 7999, .closed(milliseconds: 1)),
            (8, 8000, .open),
            (99, 0, .closed(milliseconds: 3_600_000)), (99, 3_600_000, .open), (100, 0, .locked),
            (100, 1 << 40, .locked),
            // A clock that was set back: no longer than the wait.
            (5, -86_400_000, .closed(milliseconds: 1000)), (4, -86_400_000, .open),
        ] as [(Int, Int64, ThrottlePolicy.Answer)]
    )
    func `an account's lane says`(count: Int, ago: Int64, answer: ThrottlePolicy.Answer) {
        let now: Int64 = 1_800_000_000_000
        #expect(ThrottlePolicy.account.answer(Failures(count: count, last: now - ago), now: now) == answer)
    }

    @Test func `an address is forgiven one failure a minute and never locked`() {
        let policy = ThrottlePolicy.address
        let failures = Failures(count: 200, last: 0)
        #expect(policy.answer(failures, now: 0) == .closed(milliseconds: 900_000))
        #expect(policy.remaining(failures, now: 59_999).count == 200)
        #expect(policy.remaining(failures, now: 60_000).count == 199)
        #expect(policy.remaining(failures, now: 600 * 60_000).count == 0)
        #expect(policy.answer(failures, now: 181 * 60_000) == .open)
    }

    @Test func `figures at the ends of their range do not overflow`() {
        let policy = ThrottlePolicy(
            free: 0,
            firstWait: .max,
            longestWait: .max,
            ceiling: nil,
            forgivenEvery: 1
        )
        #expect(policy.free == 1)
        #expect(policy.wait(after: .max) == .max)
        #expect(policy.answer(Failures(count: .max, last: .max), now: 0) == .closed(milliseconds: .max))
        #expect(policy.answer(Failures(count: 1, last: 0), now: .max) == .open)
    }
}

@Suite struct `a client's network` {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"), ("::1", "0:0:0:0::/64"), ("::", "0:0:0:0::/64"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"), ("2001:DB8:0:1::ffff", "2001:db8:0:1::/64"),
        ("2001:db8::1", "2001:db8:0:0::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"), ("::ffff:c000:0207", "192.0.2.7"), ("fe80::", "fe80:0:0:0::/64"),
        ("1:2:3:4:5:6:192.0.2.7", "1:2:3:4::/64"), ("1:2:3:4:5:6:7::", "1:2:3:4::/64"),
        ("::2:3:4:5:6:7:8", "0:2:3:4::/64"),
    ])
    func `is read`(address: String, network: String) {
        #expect(ClientNetwork(address: Array(address.utf8))?.text == network)
    }

    @Test(arguments: [
        "", "unix:", "localhost", "192.0.2", "192.0.2.256", "192.0.2.7.1", "192.0.2.", "192.0.2.0007",
        "1.2.3.-4", ":", ":::", "1:2", "1::2::3",
        "12345::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::g", "fe80::1%eth0", "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7", "[::1]",
        "192.0.2.7\0", "::1.2.3.4.5",
    ])
    func `is none`(address: String) {
        #expect(ClientNetwork(address: Array(address.utf8)) == nil)
    }

    @Test func `of 50,000 random addresses is read or none, and never crashes`() {
        var seed = Seed(for: "addresses")
        let alphabet = Array("0123456789abcdf:.:.%".utf8)
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 0...46, using: &seed)).map { _ in
                alphabet.randomElement(using: &seed) ?? 0
            }
            _ = ClientNetwork(address: bytes)
        }
    }
}
