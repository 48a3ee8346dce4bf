import AccountsClient
import GRDB
import Kernel
import Synchronization
import Testing

@testable import Accounts

@Suite struct `the throttle` {
    /// Asks in this process, without a socket, again as long as it is undetermined.
    static func ask(
        _ check: LoginCheck,
        _ name: String,
        _ password: String,
        from address: String = "",
        knownDevice: Bool = false
    ) -> Verification? {
        var attempt = LoginAttempt(
            name: Array(name.utf8),
            password: Array(password.utf8),
            address: Array(address.utf8),
            knownDevice: knownDevice
        )
        var answer = check.answerAtOnce(attempt)
        while answer == nil, !check.run(&attempt, { answer = $0 }) { Clocks.sleep(nanoseconds: 100_000) }
        guard case .verification(let verification) = answer else { return nil }
        return verification
    }

    private func isAccepted(_ verification: Verification?) -> Bool {
        if case .accepted = verification { true } else { false }
    }

    @Test func `lets five tries fail, then holds for 1, 2, 4 seconds`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<5 { #expect(Self.ask(check, "bob", "wrong") == .rejected) }
        for wait in [1, 2, 4, 8] {
            #expect(Self.ask(check, "bob", "right password") == .held(retryAfterSeconds: wait))
            house.clock.advance(Int64(wait) * 1000 - 1)
            #expect(Self.ask(check, "bob", "right password") == .held(retryAfterSeconds: 1))
            house.clock.advance(1)
            #expect(Self.ask(check, "bob", "wrong") == .rejected)
        }
    }

    @Test func `says the same of a name that does not exist, and of what cannot be a name`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for step in 0..<40 {
            let known = Self.ask(check, "bob", "wrong")
            #expect(Self.ask(check, "nobody", "wrong") == known)
            #expect(Self.ask(check, "no\u{200B}body", "wrong") == known)
            #expect(Self.ask(check, " ", "wrong") == known)
            if step % 3 == 2 { house.clock.advance(700 << Int64(step / 3)) }
        }
    }

    @Test func `forgets an account's failures after a success`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<50 {
            for _ in 0..<4 { #expect(Self.ask(check, "bob", "wrong") == .rejected) }
            #expect(isAccepted(Self.ask(check, "bob", "right password")))
        }
    }

    @Test func `verifies 100 failures at most, ever, then only unlocking helps`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<1000 {
            _ = Self.ask(
                check,
                "bob",
                "wrong",
                from: "192.0.2.\(Int.random(in: 1...250))",
                knownDevice: false
            )
            house.clock.advance(3_600_000)
        }
        #expect(house.engine.computed == 100)
        house.clock.advance(400 * 86_400_000)
        #expect(Self.ask(check, "bob", "right password") == .held(retryAfterSeconds: 3600))
        #expect(house.engine.computed == 100)
        #expect(try house.database.unlock(AccountName(normalising: "bob")) == 100)
        #expect(isAccepted(Self.ask(check, "bob", "right password")))
    }

    @Test func `remembers across a restart`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        for _ in 0..<5 { _ = Self.ask(house.check(), "bob", "wrong", from: "192.0.2.1") }
        let again = try UserDatabase(path: house.path)
        let check = house.check(database: again)
        #expect(Self.ask(check, "bob", "right password") == .held(retryAfterSeconds: 1))
        #expect(
            try again.countedAddresses() == [
                CountedAddress(network: "192.0.2.1", failures: Failures(count: 5, last: house.clock.now))
            ]
        )
        #expect(try again.accounts().map(\.failures.count) == [5])
    }

    @Test
    func `lets a known device in while strangers have account and address held, and counts it by itself`()
        throws
    {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<60 {
            _ = Self.ask(check, "bob", "wrong", from: "192.0.2.1")
            house.clock.advance(3_600_000)
        }
        for _ in 0..<40 { _ = Self.ask(check, "bob", "wrong", from: "192.0.2.1") }
        #expect(Self.ask(check, "bob", "right password", from: "192.0.2.1") != .rejected)
        #expect(isAccepted(Self.ask(check, "bob", "right password", from: "192.0.2.1", knownDevice: true)))
        // Strangers have not gained a try by that.
        guard case .held = Self.ask(check, "bob", "right password", from: "192.0.2.1") else {
            Issue.record("a stranger was let try")
            return
        }
        for _ in 0..<5 { #expect(Self.ask(check, "bob", "wrong", knownDevice: true) == .rejected) }
        #expect(Self.ask(check, "bob", "right password", knownDevice: true) == .held(retryAfterSeconds: 1))
    }

    @Test func `holds an address that tries many names, before a hash is computed`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for number in 0..<1000 { _ = Self.ask(check, "name\(number)", "wrong", from: "2001:db8::\(number)") }
        #expect(house.engine.computed == 20)
        #expect(Self.ask(check, "bob", "right password", from: "2001:db8::1") == .held(retryAfterSeconds: 1))
        #expect(isAccepted(Self.ask(check, "bob", "right password", from: "2001:db8:0:1::1")))
        #expect(try house.database.unlock(address: "2001:db8::77"))
        #expect(isAccepted(Self.ask(check, "bob", "right password", from: "2001:db8::1")))
    }

    @Test func `does not count successes against an address`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<100 { #expect(isAccepted(Self.ask(check, "bob", "right password", from: "192.0.2.1"))) }
        #expect(try house.database.countedAddresses().isEmpty)
    }

    @Test func `verifies no more than five of 200 wrong tries at once`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        let rejected = try Self.atOnce(200) { Self.ask(check, "bob", "wrong") == .rejected }
        #expect(rejected == 5)
        #expect(house.engine.computed == 5)
    }

    @Test func `accepts all of 200 right tries at once`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        let accepted = try Self.atOnce(200) {
            isAccepted(Self.ask(check, "bob", "right password", from: "192.0.2.1"))
        }
        #expect(accepted == 200)
        #expect(try house.database.accounts().map(\.failures.count) == [0])
        #expect(try house.database.countedAddresses().isEmpty)
    }

    @Test func `holds nobody longer than the wait when the clock is set back`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<5 { _ = Self.ask(check, "bob", "wrong") }
        house.clock.advance(-400 * 86_400_000)
        let lanes = [
            ThrottleLane(
                kind: .account,
                key: ThrottleLane.key(of: try AccountName(normalising: "bob")),
                label: nil
            )
        ]
        guard case .held(1000, false) = try check.throttle.reserve(lanes, now: house.clock.now) else {
            Issue.record("not held for a second")
            return
        }
        house.clock.advance(1000)
        #expect(isAccepted(Self.ask(check, "bob", "right password")))
    }

    @Test func `drops what no longer counts, and never the count of an account`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        _ = Self.ask(check, "bob", "wrong", from: "192.0.2.1")
        _ = Self.ask(check, "nobody", "wrong", from: "192.0.2.2")
        func rows() throws -> Int {
            try house.database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM failures") ?? 0 }
        }
        #expect(try rows() == 4)
        try house.database.pruneFailures(now: house.clock.now + 86_400_001)
        #expect(try rows() == 2)
        try house.database.pruneFailures(now: house.clock.now + 31 * 86_400_000)
        #expect(try rows() == 1)
        #expect(try house.database.accounts().map(\.failures.count) == [1])
    }

    /// Runs on so many threads at once.
    ///
    /// - Returns: how many said true.
    static func atOnce(_ count: Int, _ body: @escaping @Sendable () -> Bool) throws -> Int {
        final class Count: Sendable { let value = Atomic<Int>(0) }
        let total = Count()
        let threads = try (0..<count).map { _ in
            try BlockingThread(name: "try") { if body() { total.value.add(1, ordering: .relaxed) } }
        }
        for thread in threads { thread.join() }
        return total.value.load(ordering: .relaxed)
    }
}
