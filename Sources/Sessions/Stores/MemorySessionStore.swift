internal import Synchronization
public import Web

/// Sessions in the memory of one process: for tests, and for a program of one process that may forget them.
///
/// It keeps every promise of `SessionStore` that can be kept without a disk. A slice of a sweep looks at whole shards.
public final class MemorySessionStore: SessionStore {
    private struct Entry {
        var record: SessionRecord
        // Tells a record from a later one under the same key.
        let generation: Int64
    }

    private struct Shard {
        var entries: [SessionStoreKey: Entry] = [:]
        var leases: [SessionStoreKey: Int64] = [:]
    }

    // A class, because a Mutex cannot live in an array. Protects the shard; only dictionary work happens under it.
    private final class ShardBox: Sendable {
        let shard = Mutex(Shard())
    }

    // Protects the names; taken under no other lock.
    private let users = Mutex<[[UInt8]: Set<SessionStoreKey>]>([:])
    private let shards: [ShardBox]
    private let serial = Atomic<Int64>(1)
    private let sweepPosition = Mutex(0)

    /// An empty store.
    public init() { shards = (0..<16).map { _ in ShardBox() } }

    private func shard(_ key: SessionStoreKey) -> ShardBox {
        shards[Int(truncatingIfNeeded: key.words[0] >> 60)]
    }

    private func nextSerial() -> Int64 { serial.wrappingAdd(1, ordering: .relaxed).newValue }

    /// Reads a record.
    public func load(_ key: SessionStoreKey) throws(SessionStoreError) -> SessionRecord? {
        shard(key).shard.withLock { shard in
            guard var record = shard.entries[key]?.record else { return nil }
            record.user = nil
            return record
        }
    }

    /// Stores a record under a free key.
    public func create(_ key: SessionStoreKey, _ record: SessionRecord) throws(SessionStoreError) -> Bool {
        let generation = nextSerial()
        let isFree = shard(key).shard.withLock { shard in
            guard shard.entries[key] == nil else { return false }
            shard.entries[key] = Entry(record: record, generation: generation)
            return true
        }
        if isFree, let user = record.user { enter(key, user) }
        return isFree
    }

    /// Edits a record under its lock.
    public func update(
        _ key: SessionStoreKey,
        holding lease: SessionStoreLease?,
        until deadline: LockDeadline,
        _ change: (inout SessionRecord) -> SessionRecordChange
    ) throws(SessionStoreError) -> SessionUpdateOutcome {
        let own = holds(lease, key) ? nil : try self.lease(key, until: deadline)
        defer { own?.release() }
        let box = shard(key)
        guard let entry = box.shard.withLock({ $0.entries[key] }) else { return .gone }
        var record = entry.record
        record.user = nil
        // Not under the shard's lock: the closure may use the store.
        guard change(&record) == .store else { return .leftAsItWas }
        let former = entry.record.user
        let user = record.user
        if record.user == nil { record.user = former }
        let isStored = box.shard.withLock { shard in
            guard shard.entries[key]?.generation == entry.generation else { return false }
            shard.entries[key]?.record = record
            return true
        }
        guard isStored else { return .gone }
        if let user {
            if let former { forget(key, former) }
            enter(key, user)
        }
        return .stored
    }

    /// Takes the session's lock.
    public func lease(_ key: SessionStoreKey, until deadline: LockDeadline) throws(SessionStoreError)
        -> SessionStoreLease
    {
        let token = nextSerial()
        let box = shard(key)
        var backOff = BackOff(until: deadline)
        while true {
            let isHad = box.shard.withLock { shard in
                if shard.leases[key] != nil { return false }
                shard.leases[key] = token
                return true
            }
            if isHad { break }
            guard backOff.wait() else { throw SessionStoreError(.timedOut, "lock a session in memory") }
        }
        return SessionStoreLease(key, token: token) {
            box.shard.withLock { shard in
                if shard.leases[key] == token { shard.leases[key] = nil }
            }
        }
    }

    private func holds(_ lease: SessionStoreLease?, _ key: SessionStoreKey) -> Bool {
        guard let lease, lease.key == key else { return false }
        return shard(key).shard.withLock { $0.leases[key] == lease.token }
    }

    /// Moves the two instants.
    public func touch(
        _ key: SessionStoreKey,
        expires: UnixTime,
        lastUsed: UnixTime
    ) throws(SessionStoreError) -> Bool {
        shard(key).shard.withLock { shard in
            guard shard.entries[key] != nil else { return false }
            shard.entries[key]?.record.expires = expires
            shard.entries[key]?.record.lastUsed = lastUsed
            return true
        }
    }

    /// Ends a session.
    @discardableResult
    public func destroy(_ key: SessionStoreKey) throws(SessionStoreError) -> Bool {
        guard let entry = shard(key).shard.withLock({ $0.entries.removeValue(forKey: key) }) else {
            return false
        }
        if let user = entry.record.user { forget(key, user) }
        return true
    }

    /// Removes expired records, a shard at a time.
    public func sweep(now: UnixTime, forMilliseconds budget: Int64) throws(SessionStoreError)
        -> SessionSweepReport
    {
        var report = SessionSweepReport()
        let end = LockDeadline.milliseconds(budget)
        repeat {
            let position = sweepPosition.withLock { position in
                defer { position = (position + 1) % shards.count }
                return position
            }
            let expired = shards[position].shard.withLock { shard in
                report.examined += shard.entries.count
                let expired = shard.entries.filter { $0.value.record.expires <= now }
                for key in expired.keys { shard.entries[key] = nil }
                return expired
            }
            for (key, entry) in expired {
                if let user = entry.record.user { forget(key, user) }
            }
            report.removed += expired.count
            report.hasMore = position + 1 < shards.count
        } while report.hasMore && LockDeadline.milliseconds(0) < end
        return report
    }

    /// Keys of a user's records.
    public func keys(ofUser user: String) throws(SessionStoreError) -> [SessionStoreKey] {
        let name = Array(user.utf8)
        let keys = users.withLock { $0[name] ?? [] }
        // One that was destroyed while its create was still writing it down is dropped here.
        return keys.filter { key in
            let owner = shard(key).shard.withLock { $0.entries[key]?.record.user }
            if let owner, Array(owner.utf8) == name { return true }
            forget(key, user)
            return false
        }
    }

    /// Calls `body` with each record; it may use the store.
    public func forEach(_ body: (SessionStoreKey, SessionRecord) -> Bool) throws(SessionStoreError) {
        for box in shards {
            let keys = box.shard.withLock { Array($0.entries.keys) }
            for key in keys {
                guard let record = try load(key) else { continue }
                guard body(key, record) else { return }
            }
        }
    }

    /// The number of records.
    public func count() throws(SessionStoreError) -> Int {
        shards.reduce(0) { $0 + $1.shard.withLock { $0.entries.count } }
    }

    /// Removes every record.
    public func clear() throws(SessionStoreError) {
        for box in shards {
            for key in box.shard.withLock({ Array($0.entries.keys) }) { try destroy(key) }
        }
    }

    // By bytes, because equality of strings takes a composed and a decomposed é for one.
    private func enter(_ key: SessionStoreKey, _ user: String) {
        _ = users.withLock { $0[Array(user.utf8), default: []].insert(key) }
    }

    private func forget(_ key: SessionStoreKey, _ user: String) {
        let name = Array(user.utf8)
        users.withLock { users in
            users[name]?.remove(key)
            if users[name]?.isEmpty == true { users[name] = nil }
        }
    }
}
