import Synchronization
import Web

@testable import Sessions

/// A memory store that counts what it is asked, and fails where it is told to.
final class WatchedStore: SessionStore {
    enum Call: String, Sendable {
        case load, create, update, touch, destroy
    }

    private struct Watch {
        var calls: [Call] = []
        var failing: Set<Call> = []
    }

    let memory = MemorySessionStore()
    private let watch = Mutex(Watch())

    /// What was asked since the last time.
    func take() -> [Call] {
        watch.withLock { watch in
            defer { watch.calls = [] }
            return watch.calls
        }
    }

    /// What was written since the last time: records made or changed.
    func takeWrites() -> Int { take().filter { $0 == .create || $0 == .update }.count }

    func fail(_ calls: Set<Call>) { watch.withLock { $0.failing = calls } }

    private func note(_ call: Call) throws(SessionStoreError) {
        let fails = watch.withLock { watch in
            watch.calls.append(call)
            return watch.failing.contains(call)
        }
        if fails { throw SessionStoreError(.unavailable, "boom!") }
    }

    func load(_ key: SessionStoreKey) throws(SessionStoreError) -> SessionRecord? {
        try note(.load)
        return try memory.load(key)
    }

    func create(_ key: SessionStoreKey, _ record: SessionRecord) throws(SessionStoreError) -> Bool {
        try note(.create)
        return try memory.create(key, record)
    }

    func update(
        _ key: SessionStoreKey,
        holding lease: SessionStoreLease?,
        until deadline: LockDeadline,
        _ change: (inout SessionRecord) -> SessionRecordChange
    ) throws(SessionStoreError) -> SessionUpdateOutcome {
        try note(.update)
        return try memory.update(key, holding: lease, until: deadline, change)
    }

    func lease(_ key: SessionStoreKey, until deadline: LockDeadline) throws(SessionStoreError)
        -> SessionStoreLease
    {
        try memory.lease(key, until: deadline)
    }

    func touch(_ key: SessionStoreKey, expires: UnixTime, lastUsed: UnixTime) throws(SessionStoreError)
        -> Bool
    {
        try note(.touch)
        return try memory.touch(key, expires: expires, lastUsed: lastUsed)
    }

    func destroy(_ key: SessionStoreKey) throws(SessionStoreError) -> Bool {
        try note(.destroy)
        return try memory.destroy(key)
    }

    func sweep(now: UnixTime, forMilliseconds budget: Int64) throws(SessionStoreError) -> SessionSweepReport {
        try memory.sweep(now: now, forMilliseconds: budget)
    }

    func keys(ofUser user: String) throws(SessionStoreError) -> [SessionStoreKey] {
        try memory.keys(ofUser: user)
    }

    func forEach(_ body: (SessionStoreKey, SessionRecord) -> Bool) throws(SessionStoreError) {
        try memory.forEach(body)
    }

    func count() throws(SessionStoreError) -> Int { try memory.count() }

    func clear() throws(SessionStoreError) { try memory.clear() }
}
