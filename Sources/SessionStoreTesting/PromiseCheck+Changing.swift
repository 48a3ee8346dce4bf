internal import Kernel
internal import Sessions
internal import Web

// Changing under a lock.
extension PromiseCheck {
    func updateNeverCreates() throws {
        let key = newKey()
        var hasRun = false
        let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { _ in
            hasRun = true
            return .store
        }
        expect(outcome == .gone, "there is nothing to change")
        expect(!hasRun, "the closure does not run")
        expect(try store.load(key) == nil && store.count() == 0, "nothing was made")
    }

    func updateReplacesTheRecord() throws {
        let key = try stored(SessionStoreSample.record(1, padding: 500))
        let next = SessionStoreSample.record(
            2,
            life: 5_000,
            lastUsed: SessionStoreSample.now.advanced(byMilliseconds: 1)
        )
        let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
            expect(SessionStoreSample.number(of: record) == 1, "the closure gets the record")
            record = next
            return .store
        }
        expect(outcome == .stored, "stored")
        expect(try store.load(key) == next, "payload and instants are the new ones")
        expect(try store.count() == 1, "one record")
    }

    func leavingAsItIsChangesNothing() throws {
        let before = SessionStoreSample.record(1)
        let key = try stored(before)
        let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
            record = SessionStoreSample.record(9, user: "eve")
            return .leaveAsItIs
        }
        expect(outcome == .leftAsItWas, "left as it was")
        expect(try store.load(key) == before, "the record is the same")
        expect(try store.keys(ofUser: "eve").isEmpty, "so is the index")
    }

    func updatesOfThreadsAllApply() throws {
        let key = try stored()
        expect(
            SessionStoreExercise.increment(key, times: 50, threads: 4, on: store),
            "every update is stored"
        )
        expect(try number(key) == 200, "none of 200 is lost")
    }

    func destroyDuringUpdateWins() throws {
        let key = try stored()
        let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
            expect((try? store.destroy(key)) == true, "destroy does not wait for the change")
            SessionStoreSample.increment(&record)
            return .store
        }
        expect(outcome == .gone, "the change comes too late")
        expect(try store.load(key) == nil && store.count() == 0, "the session stays ended")
    }

    func anUpdateDoesNotMeetASuccessor() throws {
        // A store that shares its records with a system without locks takes the newest record for the session.
        guard !store.traits.namesRecordsByID else { return }
        let key = try stored(SessionStoreSample.record(1))
        let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
            _ = try? store.destroy(key)
            _ = try? store.create(key, SessionStoreSample.record(100))
            SessionStoreSample.increment(&record)
            return .store
        }
        expect(outcome == .gone, "the changed one is gone")
        expect(try number(key) == 100, "its successor is untouched")
    }

    func aLeaseKeepsUpdatesOut() throws {
        let key = try stored(SessionStoreSample.record(1))
        let lease = try store.lease(key, until: .milliseconds(5_000))
        expect(
            failure { () throws(SessionStoreError) in _ = try update(key, within: 20) } == .timedOut,
            "update waits"
        )
        expect(
            failure { () throws(SessionStoreError) in _ = try store.lease(key, until: .milliseconds(20)) }
                == .timedOut,
            "so does another lease"
        )
        expect(try number(key) == 1, "nothing was changed")
        let other = try stored()
        expect(try increment(other) == .stored, "other sessions are free")
        lease.release()
        expect(try increment(key) == .stored, "after the release it goes on")
    }

    func aLeaseKeepsNobodyElseOut() throws {
        let key = try stored(SessionStoreSample.record(1))
        let lease = try store.lease(key, until: .milliseconds(5_000))
        let start = Clocks.monotonicMilliseconds()
        expect(try number(key) == 1, "load does not wait")
        let used = SessionStoreSample.now
        expect(
            try store.touch(key, expires: used.advanced(byMilliseconds: 60_000), lastUsed: used),
            "nor touch"
        )
        expect(try store.destroy(key), "nor destroy")
        expect(Clocks.monotonicMilliseconds() - start < 1_000, "none of them waits")
        lease.release()
        let absent = try store.lease(newKey(), until: .milliseconds(20))
        absent.release()
    }

    func anUpdateHoldsItsLease() throws {
        let key = try stored()
        let lease = try store.lease(key, until: .milliseconds(5_000))
        expect(try increment(key, holding: lease) == .stored, "once")
        expect(try increment(key, holding: lease) == .stored, "twice")
        expect(
            failure { () throws(SessionStoreError) in _ = try update(key, within: 20) } == .timedOut,
            "still locked for others"
        )
        lease.release()
        expect(try number(key) == 2, "both were stored")
    }

    func aLeaseEnds() throws {
        let key = try stored()
        do {
            let lease = try store.lease(key, until: .milliseconds(5_000))
            extendLifetime(lease)
        }
        let lease = try store.lease(key, until: .milliseconds(1_000))
        lease.release()
        lease.release()
        let next = try store.lease(key, until: .milliseconds(1_000))
        expect(
            failure { () throws(SessionStoreError) in
                _ = try store.update(key, holding: lease, until: .milliseconds(20)) { _ in .store }
            } == .timedOut,
            "an ended lease opens nothing"
        )
        next.release()
        expect(try increment(key, holding: next) == .stored, "it takes the lock as if there were none")
    }

    func deadlinesAreKept() throws {
        let key = try stored()
        let lease = try store.lease(key, until: .milliseconds(5_000))
        var hasRun = false
        for wait in [0, 30] as [Int64] {
            let start = Clocks.monotonicMilliseconds()
            let code = failure { () throws(SessionStoreError) in
                _ = try store.update(key, holding: nil, until: .milliseconds(wait)) { _ in
                    hasRun = true
                    return .store
                }
            }
            let waited = Clocks.monotonicMilliseconds() - start
            expect(code == .timedOut, "a lock that is not had throws timedOut")
            expect(waited >= wait - 1 && waited < wait + 1_000, "waited \(waited) ms of \(wait)")
        }
        expect(!hasRun, "the closure does not run")
        lease.release()
    }

    func aFailedWriteLeavesTheOldRecord() throws {
        guard let failingWrites = fixture.failingWrites else { return }
        let record = SessionStoreSample.record(1)
        let key = try stored(record)
        let fresh = newKey()
        failingWrites {
            expect(
                failure { () throws(SessionStoreError) in _ = try update(key, within: 1_000) } != nil,
                "an update that cannot write throws"
            )
            expect(
                failure { () throws(SessionStoreError) in _ = try store.create(fresh, record) } != nil,
                "so does a create"
            )
        }
        expect(try store.load(key) == record, "the old record is there")
        expect(try store.load(fresh) == nil, "the new one is not")
        expect(try increment(key) == .stored, "and goes on")
    }

    func updatesOfProcessesAllApply() throws {
        guard let exerciser = fixture.exerciser else { return }
        let id = "check-processes-\(UInt64.random(in: 0...(.max)))"
        let key = SessionStoreSample.key(id, for: store)
        expect(try store.create(key, SessionStoreSample.record()), "a new key is free")
        let children = try (0..<4).map { _ in try start(exerciser, ["increment", id, "25", "4"]) }
        for child in children {
            let end = try Processes.reap(child, wait: true)?.end
            expect(end == .exited(0), "a process ends well")
        }
        expect(try number(key) == 400, "none of 400 is lost")
    }

    func aLeaseEndsWithItsProcess() throws {
        guard let exerciser = fixture.exerciser else { return }
        let id = "check-holder-\(UInt64.random(in: 0...(.max)))"
        let key = SessionStoreSample.key(id, for: store)
        expect(try store.create(key, SessionStoreSample.record()), "a new key is free")
        let child = try start(exerciser, ["hold", id])
        let end = LockDeadline.milliseconds(10_000)
        while failure({ () throws(SessionStoreError) in
            try store.lease(key, until: .milliseconds(0)).release()
        }) == nil {
            guard LockDeadline.milliseconds(0) < end else { break }
            Clocks.sleep(nanoseconds: 1_000_000)
        }
        expect(
            failure { () throws(SessionStoreError) in _ = try update(key, within: 20) } == .timedOut,
            "the other process has the lock"
        )
        try Processes.signal(child, .kill)
        _ = try Processes.reap(child, wait: true)
        expect(
            failure { () throws(SessionStoreError) in _ = try update(key, within: 0) } == nil,
            "with the process the lock is gone"
        )
    }

    private func update(_ key: SessionStoreKey, within milliseconds: Int64) throws(SessionStoreError)
        -> SessionUpdateOutcome
    {
        try store.update(key, holding: nil, until: .milliseconds(milliseconds)) { record in
            SessionStoreSample.increment(&record)
            return .store
        }
    }

    private func start(_ exerciser: SessionStoreFixture.Exerciser, _ exercise: [String]) throws -> Int32 {
        try Processes.spawn(
            exerciser.path,
            arguments: [exerciser.path] + exerciser.arguments + exercise,
            environment: [],
            descriptors: [nil, nil, 2]
        )
    }
}
