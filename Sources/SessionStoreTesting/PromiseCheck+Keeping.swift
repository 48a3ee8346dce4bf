internal import Sessions
internal import Web

// Sweeping, listing, walking.
extension PromiseCheck {
    func sweepRemovesOnlyTheExpired() throws {
        let now = SessionStoreSample.now
        let dead = try stored(
            SessionStoreSample.record(life: 1, lastUsed: now.advanced(byMilliseconds: -100))
        )
        let due = try stored(
            SessionStoreSample.record(life: 50, lastUsed: now.advanced(byMilliseconds: -50), user: "ada")
        )
        let live = try stored(
            SessionStoreSample.record(life: 51, lastUsed: now.advanced(byMilliseconds: -50))
        )
        let renewed = try stored(
            SessionStoreSample.record(life: 100, lastUsed: now.advanced(byMilliseconds: -200))
        )
        expect(try store.touch(renewed, expires: now.advanced(byMilliseconds: 100), lastUsed: now), "renewed")
        let report = try sweepAll(now: now)
        expect(report.removed == 2, "two of four, not \(report.removed)")
        expect(report.examined == 4, "four were looked at")
        expect(try store.load(dead) == nil && store.load(due) == nil, "the expired are gone")
        expect(try store.load(live) != nil && store.load(renewed) != nil, "the others are there")
        expect(try store.keys(ofUser: "ada").isEmpty, "the index has forgotten")
        expect(try sweepAll(now: now).removed == 0, "nothing more to do")
    }

    func sweepComesRound() throws {
        let now = SessionStoreSample.now
        for number in 0..<60 {
            let life: Int64 = number.isMultiple(of: 2) ? 10 : 1_000
            _ = try stored(
                SessionStoreSample.record(life: life, lastUsed: now.advanced(byMilliseconds: -100))
            )
        }
        var removed = 0
        for slice in 1...10_000 {
            let report = try store.sweep(now: now, forMilliseconds: 0)
            removed += report.removed
            expect(!report.isBusyElsewhere, "nobody else sweeps")
            if !report.hasMore { break }
            if slice == 10_000 { expect(false, "it does not come round") }
        }
        expect(removed == 30, "thirty of sixty, not \(removed)")
        expect(try store.count() == 30, "thirty are left")
    }

    func theIndexListsAndForgets() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let first = try stored(SessionStoreSample.record(1, user: composed))
        let second = try stored(SessionStoreSample.record(2, user: composed))
        let other = try stored(SessionStoreSample.record(3, user: decomposed))
        _ = try stored(SessionStoreSample.record(4))
        expect(try Set(store.keys(ofUser: composed)) == [first, second], "both are listed")
        expect(try store.keys(ofUser: decomposed) == [other], "names are compared by their bytes")
        expect(try store.keys(ofUser: "").isEmpty, "nobody")
        for key in try store.keys(ofUser: composed) {
            expect(try store.load(key) != nil, "a listed key can be loaded")
        }
        expect(try increment(first) == .stored, "an update without a user")
        expect(try Set(store.keys(ofUser: composed)) == [first, second], "leaves the index as it is")
        try store.destroy(first)
        expect(try store.keys(ofUser: composed) == [second], "the destroyed is not listed")
        let odd = "../../etc/\u{0}\n" + String(repeating: "x", count: 1_000)
        let last = try stored(SessionStoreSample.record(5, user: odd))
        expect(try store.keys(ofUser: odd) == [last], "any name will do")
    }

    func theIndexFollowsTheUser() throws {
        let key = try stored(SessionStoreSample.record(1))
        for user in ["ada", "ada", "eve"] {
            let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
                expect(record.user == nil, "the user is never filled in")
                record.user = user
                return .store
            }
            expect(outcome == .stored, "stored")
            expect(try store.keys(ofUser: user) == [key], "listed under the new name")
        }
        expect(try store.keys(ofUser: "ada").isEmpty, "and no longer under the old one")
        expect(try !store.create(key, SessionStoreSample.record(2, user: "mallory")), "a taken key")
        expect(try store.keys(ofUser: "mallory").isEmpty, "is not listed under who could not have it")
        expect(try store.keys(ofUser: "eve") == [key], "but under whose it is")
    }

    func forEachVisitsEachRecord() throws {
        var expected: [SessionStoreKey: Int] = [:]
        for number in 0..<30 { expected[try stored(SessionStoreSample.record(number))] = number }
        var visited: [SessionStoreKey: Int] = [:]
        var visits = 0
        try store.forEach { key, record in
            visits += 1
            visited[key] = SessionStoreSample.number(of: record)
            return true
        }
        expect(visits == 30 && visited == expected, "each of thirty once")
        expect(try store.count() == 30, "and counted")
        var seen = 0
        try store.forEach { _, _ in
            seen += 1
            return seen < 5
        }
        expect(seen == 5, "until the visitor has enough")
        if let key = visited.keys.first {
            expect(
                !store.traits.namesRecordsByID || key.id != nil,
                "a key has its id where the store needs it"
            )
            expect(try store.load(key) != nil, "a visited key can be loaded")
        }
    }

    private func sweepAll(now: UnixTime) throws -> SessionSweepReport {
        var sum = SessionSweepReport()
        while true {
            let report = try store.sweep(now: now, forMilliseconds: 1_000)
            sum.examined += report.examined
            sum.removed += report.removed
            sum.leftovers += report.leftovers
            if !report.hasMore { return sum }
        }
    }
}
