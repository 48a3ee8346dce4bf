public import Web

/// Where sessions are kept: a record of opaque bytes and two instants under each key.
///
/// A store has no policy. It never judges whether a record has expired, never sees an id (but where `traits` asks for it), a
/// secret or a value, and never makes up a time: the middleware decides and passes everything in. An outcome that can be expected
/// is a value (`nil`, `false`, `.gone`); only what is broken throws.
///
/// Each sentence below that says *must* is a promise of `SessionStoreTesting`, which any implementation can run on itself.
/// All calls come from many threads at once, and from other processes where the medium is shared.
public protocol SessionStore: Sendable {
    /// What the middleware must know of this store before it uses it.
    var traits: SessionStoreTraits { get }

    /// Reads a record; takes no lock, and *must* see either the old or the new record whole while another writes.
    ///
    /// - Returns: nil when there is none. A damaged record is put aside (see `quarantine`) and is nil; a failing medium throws.
    func load(_ key: SessionStoreKey) throws(SessionStoreError) -> SessionRecord?

    /// Stores a record under a key that *must* be free.
    ///
    /// Of several that create one key at once, exactly one *must* win.
    ///
    /// - Returns: false when the key is taken; nothing was changed then.
    func create(_ key: SessionStoreKey, _ record: SessionRecord) throws(SessionStoreError) -> Bool

    /// Reads a record, lets `change` edit it, and replaces it, all under the session's lock.
    ///
    /// *Must not* create: a key that is gone, or goes while this runs, stays gone. Updates of one key *must* apply one after the
    /// other, none lost, over threads and processes. A failed write *must* leave the old record.
    ///
    /// - Parameters:
    ///   - key: the session's.
    ///   - lease: the lease of this key where the caller holds it; nil takes the lock for the call.
    ///   - deadline: until when to wait for the lock; then `.timedOut` is thrown and nothing was changed.
    ///   - change: gets the record as it is now, and says whether to store what it made of it. Runs once, and
    ///     again on the newer record where a foreign writer without our lock came in between (`layout=express`): it must start from
    ///     what it is given.
    /// - Returns: `.stored`, `.leftAsItWas` when the closure said so, `.gone` when there is no such record any more.
    /// - Throws: `.timedOut`, or what is broken; then the old record is in its place.
    func update(
        _ key: SessionStoreKey,
        holding lease: SessionStoreLease?,
        until deadline: LockDeadline,
        _ change: (inout SessionRecord) -> SessionRecordChange
    ) throws(SessionStoreError) -> SessionUpdateOutcome

    /// Takes the session's lock, and keeps it until the lease is released or let go of.
    ///
    /// While it is held, every `update` of this key by others *must* wait; `load`, `touch` and `destroy` *must not*. A holder
    /// whose process dies *must* lose it at once. The key need not exist.
    func lease(_ key: SessionStoreKey, until deadline: LockDeadline) throws(SessionStoreError)
        -> SessionStoreLease

    /// Moves the two instants of a record; the payload *must* stay as it is, and nothing *must* be created.
    ///
    /// - Returns: false when there is no record.
    func touch(_ key: SessionStoreKey, expires: UnixTime, lastUsed: UnixTime) throws(SessionStoreError)
        -> Bool

    /// Ends a session; an absent one is fine. When this returns the record is gone for every reader, for good.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    func destroy(_ key: SessionStoreKey) throws(SessionStoreError) -> Bool

    /// Puts a record aside that the caller could not make sense of; a store without a place for it destroys it.
    func quarantine(_ key: SessionStoreKey, because reason: String) throws(SessionStoreError)

    /// Removes records whose `expires` is at or before `now`, and no others, for about as long as asked.
    ///
    /// Call again while the report says there is more. One process at a time sweeps a store; the others are told so.
    func sweep(now: UnixTime, forMilliseconds budget: Int64) throws(SessionStoreError) -> SessionSweepReport

    /// Keys of the records that were last stored with `record.user` equal to this name, bytes compared, in no order.
    ///
    /// Ended and expired ones may be among them: `load` tells.
    func keys(ofUser user: String) throws(SessionStoreError) -> [SessionStoreKey]

    /// Calls `body` with each record, in no order, until it returns false; records that come or go meanwhile may be missed.
    func forEach(_ body: (SessionStoreKey, SessionRecord) -> Bool) throws(SessionStoreError)

    /// The number of records, expired ones with them.
    func count() throws(SessionStoreError) -> Int

    /// Removes every record.
    func clear() throws(SessionStoreError)
}

extension SessionStore {
    /// Sessions are named by their digest, and expiry is the store's.
    public var traits: SessionStoreTraits { SessionStoreTraits() }

    /// Destroys the record.
    public func quarantine(_ key: SessionStoreKey, because reason: String) throws(SessionStoreError) {
        try destroy(key)
    }
}
