import Foundation
import Kernel
import SessionStoreTesting
import Sessions
import Testing
import Web

#if DEBUG
    /// One operation on a session of `SessionStoreSample`, and how its outcome is told from the record.
    enum StoreOperation: String, CaseIterable {
        case createAnonymous = "create-anonymous"
        case create, update
        case updateUser = "update-user"
        case inPlace = "in-place"
        case touch, destroy, sweep

        /// The calls that are walked; a sweep opens 256 folders to look in, and those calls are all alike.
        var calls: Set<SystemCall>? {
            self == .sweep ? Set(SystemCall.allCases).subtracting([.open, .status]) : nil
        }

        var needsRecord: Bool { self != .create && self != .createAnonymous }

        func run(_ key: SessionStoreKey, _ store: FileSessionStore) throws {
            switch self {
            case .createAnonymous: _ = try store.create(key, SessionStoreSample.record(1))
            case .create: _ = try store.create(key, SessionStoreSample.record(1, user: "ada"))
            case .update: try increment(key, store, lease: nil, user: nil)
            case .updateUser: try increment(key, store, lease: nil, user: "eve")
            case .inPlace:
                let lease = try store.lease(key, until: .milliseconds(5_000))
                defer { lease.release() }
                _ = try store.load(key)
                try increment(key, store, lease: lease, user: nil)
            case .touch:
                let used = SessionStoreSample.now.advanced(byMilliseconds: 500)
                _ = try store.touch(key, expires: used.advanced(byMilliseconds: 60_000), lastUsed: used)
            case .destroy: try store.destroy(key)
            case .sweep:
                let now = SessionStoreSample.now.advanced(byMilliseconds: 60_000)
                _ = try store.sweep(now: now, forMilliseconds: 5_000)
            }
        }

        private func increment(
            _ key: SessionStoreKey,
            _ store: FileSessionStore,
            lease: SessionStoreLease?,
            user: String?
        ) throws {
            _ = try store.update(key, holding: lease, until: .milliseconds(5_000)) { record in
                SessionStoreSample.increment(&record)
                record.user = user
                return .store
            }
        }

        /// Whether the record is as it was before the operation.
        func isOld(_ record: SessionRecord?) -> Bool {
            needsRecord ? record == SessionStoreSample.record(1) : record == nil
        }

        /// Whether the record is as it must be after the operation.
        func isNew(_ record: SessionRecord?) -> Bool {
            switch self {
            case .create, .createAnonymous: record == SessionStoreSample.record(1)
            case .update, .updateUser, .inPlace: record == SessionStoreSample.record(2)
            case .touch:
                record?.payload == SessionStoreSample.record(1).payload
                    && record?.lastUsed == SessionStoreSample.now.advanced(byMilliseconds: 500)
            case .destroy, .sweep: record == nil
            }
        }
    }

    @Suite struct `A file store under faults` {
        // One id for all rounds of a test, so that the number of folders, and with it that of the calls, stays the same.
        private func stored(
            _ operation: StoreOperation,
            _ store: FileSessionStore,
            id: String = "under-faults"
        ) throws -> SessionStoreKey {
            let key = SessionStoreSample.key(id, for: store)
            if operation.needsRecord {
                var record = SessionStoreSample.record(1)
                record.user = "ada"
                _ = try store.create(key, record)
            }
            return key
        }

        @Test(arguments: StoreOperation.allCases, FileSessionStore.Options.Durability.allCases)
        func `at every call keeps the old record or has the new one, and says which`(
            _ operation: StoreOperation,
            _ durability: FileSessionStore.Options.Durability
        ) throws {
            let folder = try TemporaryFolder()
            let store = try folder.open(durability: durability)
            for errno in [Errno.inputOutput, .noSpace, .tooManyOpenFiles, .accessDenied] {
                for ordinal in 1... {
                    try store.clear()
                    let key = try stored(operation, store)
                    var failure: SessionStoreError?
                    let (_, met) = FaultPlan.with(FaultPlan(.errno(errno), at: ordinal, of: operation.calls))
                    {
                        do { try operation.run(key, store) } catch { failure = error as? SessionStoreError }
                    }
                    if met < ordinal { break }
                    let record = try store.load(key)
                    let step = Comment(
                        rawValue: "\(operation) call \(ordinal) \(errno): \(String(describing: failure))"
                    )
                    if failure == nil {
                        // A sweep passes over what it cannot have.
                        #expect(
                            operation.isNew(record) || operation == .sweep && operation.isOld(record),
                            step
                        )
                    } else {
                        // Only what ends a session may have ended it when it throws: it cannot be undone.
                        let mayBeNew = operation == .destroy || operation == .sweep
                        #expect(operation.isOld(record) || mayBeNew && record == nil, step)
                        #expect(errno != .noSpace || failure?.code == .full, step)
                    }
                    try #require(ordinal < 200, "no end of calls")
                }
            }
            try store.clear()
            // A temporary file is left where the fault was the call that removes it; its writer lives.
            let later = UnixTime(milliseconds: Clocks.wallMilliseconds() + 86_401_000)
            while try store.sweep(now: later, forMilliseconds: 1_000).hasMore {}
            let left = try folder.listing().filter { $0.contains(".tmp") || $0.count > 60 }
            #expect(left.isEmpty, "\(left)")
        }

        @Test func `never takes an I/O error for no session`() throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            let key = try stored(.update, store)
            for errno in [Errno.inputOutput, .tooManyOpenFiles, .accessDenied, .noMemory, .staleHandle] {
                let (_, count) = try FaultPlan.with(FaultPlan(.errno(errno), at: 0)) { try store.load(key) }
                #expect(count == 3, "open, look, read")
                for ordinal in 1...count {
                    #expect(throws: SessionStoreError.self, "call \(ordinal) \(errno)") {
                        _ = try FaultPlan.with(FaultPlan(.errno(errno), at: ordinal)) { try store.load(key) }
                    }
                }
            }
            #expect(try store.load(key) != nil)
        }

        @Test(arguments: StoreOperation.allCases)
        func `survives short reads and writes and interruptions`(_ operation: StoreOperation) throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            let plans = [
                FaultPlan(.short(1), at: 1, of: [.read, .write], lasting: true),
                FaultPlan(.short(7), at: 1, of: [.read, .write], lasting: true),
            ]
            for plan in plans {
                let key = try stored(operation, store)
                _ = try FaultPlan.with(plan) { try operation.run(key, store) }
                #expect(operation.isNew(try store.load(key)))
                try store.clear()
            }
        }

        @Test(arguments: StoreOperation.allCases)
        func `killed at every call loses nothing that was there, and leaves nothing behind`(
            _ operation: StoreOperation
        ) throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            var kills = 0
            for ordinal in 1... {
                let id = "killed"
                let key = try stored(operation, store, id: id)
                let end = try folder.exercise(["kill-at", "\(ordinal)", operation.rawValue, id])
                let record = try store.load(key)
                let step = Comment(rawValue: "\(operation) killed at call \(ordinal)")
                #expect(operation.isOld(record) || operation.isNew(record), step)
                if record != nil, operation != .createAnonymous {
                    let isListed =
                        try store.keys(ofUser: "ada").contains(key) || store.keys(ofUser: "eve").contains(key)
                    #expect(isListed, "a session is always on its user's list: \(step)")
                }
                // The lock went with the process.
                try store.lease(key, until: .milliseconds(0)).release()
                try store.destroy(key)
                if end == .exited(7) { break }
                #expect(end == .signalled(9), step)
                kills += 1
                try #require(ordinal < 200, "no end of calls")
            }
            #expect(kills >= 4)
            let later = UnixTime(milliseconds: Clocks.wallMilliseconds() + 61_000)
            while try store.sweep(now: later, forMilliseconds: 1_000).hasMore {}
            let left = try folder.listing().filter { $0.contains(".tmp") || $0.count > 60 }
            #expect(left.isEmpty, "\(left)")
        }

        @Test func `puts file and folder on the disk before it says so`() throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            let key = SessionStoreSample.key(for: store)
            let other = SessionStoreSample.key(for: store)
            _ = try store.create(other, SessionStoreSample.record())
            let (_, first) = try FaultPlan.recording { try store.create(key, SessionStoreSample.record()) }
            var neighbour = SessionStoreSample.key(for: store)
            while neighbour.hex.prefix(2) != key.hex.prefix(2) {
                neighbour = SessionStoreSample.key(for: store)
            }
            let (_, second) = try FaultPlan.recording {
                try store.create(neighbour, SessionStoreSample.record())
            }
            #expect(
                second.filter { [.write, .setTimes, .sync, .rename].contains($0) } == [
                    .write, .setTimes, .sync, .rename, .sync,
                ]
            )
            // A first record has the folder above its folder synced before.
            #expect(
                first.filter { [.makeDirectory, .sync, .rename].contains($0) }.suffix(3) == [
                    .sync, .rename, .sync,
                ]
            )
            let (_, update) = try FaultPlan.recording { try StoreOperation.update.run(key, store) }
            #expect(
                update.filter { [.sync, .writeback, .rename, .unlink].contains($0) } == [
                    .writeback, .rename, .unlink,
                ]
            )
            let (_, login) = try FaultPlan.recording { try StoreOperation.updateUser.run(key, store) }
            let ends = login.filter { [.sync, .rename].contains($0) }.suffix(3)
            #expect(ends == [.sync, .rename, .sync])
            #expect(login.firstIndex(of: .sync).map { login[..<$0].contains(.rename) } == false)
            let (_, destroy) = try FaultPlan.recording { try store.destroy(other) }
            #expect(destroy.filter { [.unlink, .sync].contains($0) } == [.unlink, .sync])
            let (_, touch) = try FaultPlan.recording { try StoreOperation.touch.run(key, store) }
            #expect(!touch.contains(.sync))
        }

        @Test func `tries a failed sync of a destroy again before it says that all is well`() throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            let key = try stored(.destroy, store)
            #expect(throws: SessionStoreError.self) {
                _ = try FaultPlan.with(FaultPlan(.errno(.inputOutput), at: 1, of: [.sync])) {
                    try store.destroy(key)
                }
            }
            let (wasThere, calls) = try FaultPlan.recording { try store.destroy(key) }
            #expect(!wasThere && calls.contains(.sync))
            let (_, later) = try FaultPlan.recording { try store.destroy(key) }
            #expect(!later.contains(.sync))
        }

        @Test func `looks at an expired record again before it sweeps it`() throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            let key = try stored(.touch, store)
            let now = SessionStoreSample.now.advanced(byMilliseconds: 60_000)
            // The first lock is the right to sweep, the second the record's.
            let renewal = FaultPlan.Fault.meanwhile {
                #expect(
                    (try? store.touch(key, expires: now.advanced(byMilliseconds: 1), lastUsed: now)) == true
                )
            }
            let (report, _) = try FaultPlan.with(FaultPlan(renewal, at: 2, of: [.lock])) {
                try store.sweep(now: now, forMilliseconds: 5_000)
            }
            #expect(report.removed == 0 && report.examined == 1)
            #expect(try store.load(key) != nil)
        }

        @Test func `acknowledges no renewal of a record that a sweep is about to remove`() throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            let key = try stored(.touch, store)
            let now = SessionStoreSample.now.advanced(byMilliseconds: 60_000)
            let (begins, isRenewed) = (Flag(), Flag())
            let thread = try BlockingThread(name: "renewal") {
                while !begins.isSet { Clocks.sleep(nanoseconds: 100_000) }
                let outcome = try? store.touch(key, expires: now.advanced(byMilliseconds: 1), lastUsed: now)
                if outcome == true { isRenewed.set() }
            }
            let renewal = FaultPlan.Fault.meanwhile {
                begins.set()
                // Long enough for a touch that does not wait.
                Clocks.sleep(nanoseconds: 50_000_000)
            }
            let (report, _) = try FaultPlan.with(FaultPlan(renewal, at: 1, of: [.unlink])) {
                try store.sweep(now: now, forMilliseconds: 5_000)
            }
            begins.set()
            thread.join()
            #expect(report.removed == 1)
            #expect(!isRenewed.isSet)
        }

        @Test(arguments: [StoreOperation.create, .createAnonymous, .update, .updateUser, .inPlace])
        func `does without an exchange where the file system has none`(_ operation: StoreOperation) throws {
            let folder = try TemporaryFolder()
            let store = try folder.open()
            for errno in [Errno.invalidArgument, .notImplemented, .notSupported] {
                try store.clear()
                let key = try stored(operation, store)
                let renames = operation == .updateUser || operation == .create ? 2 : 1
                let plan = FaultPlan(.errno(errno), at: renames, of: [.rename])
                let (_, met) = try FaultPlan.with(plan) { try operation.run(key, store) }
                #expect(met == renames + 1)
                #expect(operation.isNew(try store.load(key)))
                if operation.needsRecord {
                    let outcome = try FaultPlan.with(FaultPlan(.errno(errno), at: 1, of: [.rename])) {
                        try store.update(key, holding: nil, until: .milliseconds(5_000)) { _ in
                            _ = try? store.destroy(key)
                            return .store
                        }
                    }
                    #expect(outcome.0 == .gone)
                    #expect(try store.load(key) == nil)
                } else {
                    let again = try FaultPlan.with(FaultPlan(.errno(errno), at: 1, of: [.rename])) {
                        try store.create(key, SessionStoreSample.record(9))
                    }
                    #expect(!again.0)
                    #expect(operation.isNew(try store.load(key)))
                }
            }
        }
    }
#endif
