internal import Sessions
internal import Testing
internal import Web

/// The checks of the promises; each works on an empty store.
struct PromiseCheck {
    let store: any SessionStore
    let fixture: SessionStoreFixture
    let location: SourceLocation

    func expect(_ condition: Bool, _ comment: String) {
        #expect(condition, Comment(rawValue: comment), sourceLocation: location)
    }

    func newKey() -> SessionStoreKey { SessionStoreSample.key(for: store) }

    /// A new key with a record.
    func stored(_ record: SessionRecord = SessionStoreSample.record()) throws -> SessionStoreKey {
        let key = newKey()
        expect(try store.create(key, record), "a new key is free")
        return key
    }

    func number(_ key: SessionStoreKey) throws -> Int? { SessionStoreSample.number(of: try store.load(key)) }

    func increment(_ key: SessionStoreKey, holding lease: SessionStoreLease? = nil) throws
        -> SessionUpdateOutcome
    {
        try store.update(key, holding: lease, until: .milliseconds(5_000)) { record in
            SessionStoreSample.increment(&record)
            return .store
        }
    }

    /// The code of the failure; nil when there is none.
    func failure(_ body: () throws(SessionStoreError) -> Void) -> SessionStoreError.Code? {
        do {
            try body()
            return nil
        } catch {
            return error.code
        }
    }
}

// Creating and reading.
extension PromiseCheck {
    func createRefusesATakenKey() throws {
        let key = try stored(SessionStoreSample.record(1))
        expect(try !store.create(key, SessionStoreSample.record(2)), "a taken key is refused")
        expect(try number(key) == 1, "the first record stays")
    }

    func concurrentCreateHasOneWinner() throws {
        let store = store
        for _ in 0..<20 {
            let key = newKey()
            let winners = SessionStoreExercise.onThreads(4) { index in
                (try? store.create(key, SessionStoreSample.record(index))) == true
            }
            expect(winners.count { $0 } == 1, "one of four creates")
        }
    }

    func payloadsReturnByteForByte() throws {
        var payloads = [
            #"{"cookie":{"originalMaxAge":60000},"a":1.0,"b":1e400,"c":"\ud800","d":"\u0041","e":[1,  2]}"#
        ]
        .map { Array($0.utf8) }
        payloads.append(SessionStoreSample.record(padding: 60_000).payload)
        if !store.traits.keepsExpiryInPayload {
            payloads += [[], Array("{ }".utf8), Array(0...255), [UInt8](repeating: 0, count: 65_536)]
        }
        for payload in payloads {
            var record = SessionStoreSample.record()
            record.payload = payload
            let key = try stored(record)
            expect(try store.load(key)?.payload == payload, "\(payload.count) bytes return after create")
            let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
                expect(record.payload == payload, "\(payload.count) bytes are given to a change")
                return .store
            }
            expect(outcome == .stored, "stored again")
            expect(try store.load(key)?.payload == payload, "\(payload.count) bytes return after update")
        }
    }

    func timesReturnToTheMillisecond() throws {
        for (used, life) in [(0, 1), (1_800_000_000_001, 999), (1_800_000_000_999, 400 * 86_400_000)]
            as [(Int64, Int64)]
        {
            let record = SessionStoreSample.record(life: life, lastUsed: UnixTime(milliseconds: used))
            let key = try stored(record)
            let read = try store.load(key)
            expect(read?.expires == record.expires, "expires \(record.expires)")
            expect(read?.lastUsed == record.lastUsed, "last used \(record.lastUsed)")
            expect(read?.user == nil, "the user is never filled in")
        }
    }

    func readersSeeWholeRecords() throws {
        let store = store
        let key = try stored(SessionStoreSample.record(0, padding: 100))
        let answers = SessionStoreExercise.onThreads(4) { index in
            for round in 0..<100 {
                if index == 0 {
                    let next = SessionStoreSample.record(
                        round,
                        padding: round.isMultiple(of: 2) ? 20_000 : 100
                    )
                    let outcome = try? store.update(key, holding: nil, until: .milliseconds(5_000)) {
                        record in
                        record = next
                        return .store
                    }
                    if outcome != .stored { return false }
                } else {
                    guard let record = try? store.load(key), SessionStoreSample.number(of: record) != nil
                    else {
                        return false
                    }
                }
            }
            return true
        }
        expect(answers.allSatisfy { $0 }, "every reader sees a whole record every time")
    }
}

// Ending.
extension PromiseCheck {
    func touchNeverCreates() throws {
        let key = newKey()
        let now = SessionStoreSample.now
        expect(
            try !store.touch(key, expires: now.advanced(byMilliseconds: 1), lastUsed: now),
            "nothing to touch"
        )
        expect(try store.load(key) == nil, "nothing was made")
        expect(try store.count() == 0, "nothing is counted")
    }

    func touchKeepsThePayload() throws {
        let record = SessionStoreSample.record(7, user: "ada")
        let key = try stored(record)
        let used = SessionStoreSample.now.advanced(byMilliseconds: 12_345)
        expect(
            try store.touch(key, expires: used.advanced(byMilliseconds: 60_000), lastUsed: used),
            "touched"
        )
        let read = try store.load(key)
        expect(read?.payload == record.payload, "the payload is the same")
        expect(read?.expires == used.advanced(byMilliseconds: 60_000), "expiry has moved")
        expect(read?.lastUsed == used, "the last use has moved")
        expect(try store.keys(ofUser: "ada") == [key], "still the user's")
    }

    func destroyOfTheAbsentIsFine() throws {
        let key = newKey()
        expect(try !store.destroy(key), "there was none")
        expect(try !store.destroy(key), "again")
    }

    func destroyedStaysDestroyed() throws {
        let key = try stored(SessionStoreSample.record(user: "ada"))
        expect(try store.destroy(key), "there was one")
        expect(try store.load(key) == nil, "not to be loaded")
        let now = SessionStoreSample.now
        expect(try !store.touch(key, expires: now, lastUsed: now), "not to be touched")
        expect(try increment(key) == .gone, "not to be changed")
        expect(try store.keys(ofUser: "ada").isEmpty, "not to be listed")
        expect(try store.count() == 0, "not to be counted")
        expect(try !store.destroy(key), "not to be destroyed again")
        expect(try store.create(key, SessionStoreSample.record(3)), "free again")
        expect(try number(key) == 3, "and another record")
    }

    func aQuarantinedRecordIsGone() throws {
        let key = try stored(SessionStoreSample.record(user: "ada"))
        try store.quarantine(key, because: "a check")
        expect(try store.load(key) == nil, "no session any more")
        expect(try store.count() == 0, "not counted")
        expect(try store.keys(ofUser: "ada").isEmpty, "not listed")
        expect(try store.create(key, SessionStoreSample.record()), "free again")
        try store.quarantine(newKey(), because: "nothing there")
    }

    func clearRemovesEverything() throws {
        for number in 0..<20 { _ = try stored(SessionStoreSample.record(number, user: "ada")) }
        expect(try store.count() == 20, "twenty are counted")
        try store.clear()
        expect(try store.count() == 0, "none is left")
        expect(try store.keys(ofUser: "ada").isEmpty, "none is listed")
    }
}
