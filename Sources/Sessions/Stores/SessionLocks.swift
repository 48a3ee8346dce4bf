internal import Kernel
internal import Synchronization

/// The locks of a store's sessions: two bytes each of one file that is never written.
///
/// A lock is an open-file-description lock on a byte (`F_OFD_SETLK`, fcntl(2)). It belongs to one opening of the file, so it keeps
/// threads of one process apart as well as processes; the kernel drops it when the holder is gone, however it went. There is no file per
/// lock, and none is left behind. Each holder has an opening of its own, taken from a small list of idle ones.
///
/// The file is never renamed or removed by us, because whoever opened the old one and whoever opens the new one would not see each other.
/// Should somebody else remove it, the next who takes a lock notices (the link count is 0), and all go over to a new file; those
/// who hold a lock on the old one at that moment are not seen by the others until they release it.
///
/// Waiting is trying again, because the kernel has no wait with a deadline for these locks.
final class SessionLocks: Sendable {
    /// What of a session is locked.
    enum Part: Int64 {
        /// Its content: held by who changes it, up to a whole request long.
        case content = 0
        /// Whether it is there, held for some calls only, and never while waiting for a content lock: destroy, touch and sweep exclude
        /// each other by it without waiting for a request.
        case existence = 1
    }

    /// An opening of the lock file.
    fileprivate final class Opening: Sendable {
        let descriptor: Descriptor
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }

    private struct Held {
        let opening: Opening
        let key: SessionStoreKey
    }

    private struct Table {
        var idle: [Opening] = []
        var leases: [Int64: Held] = [:]
        var serial: Int64 = 0
    }

    private static let idleLimit = 32
    private let folders: StoreFolders
    // Protects the lists; no system call happens under it.
    private let table = Mutex(Table())

    init(_ folders: StoreFolders) { self.folders = folders }

    /// A lock for the time of a scope.
    struct Lock: ~Copyable {
        private let locks: SessionLocks
        private let opening: Opening
        private let offset: Int64
        private let length: Int64

        fileprivate init(_ locks: SessionLocks, _ opening: Opening, _ offset: Int64, _ length: Int64) {
            self.locks = locks
            self.opening = opening
            self.offset = offset
            self.length = length
        }

        deinit { locks.release(opening, offset, length) }
    }

    /// Waits for a part of a session.
    func take(_ key: SessionStoreKey, _ part: Part, until deadline: LockDeadline) throws(SessionStoreError)
        -> Lock
    {
        let offset = Self.offset(key) + part.rawValue
        return Lock(self, try wait(offset, until: deadline), offset, 1)
    }

    /// Takes both parts of a session, or nothing when somebody has one of them.
    func tryAll(_ key: SessionStoreKey) throws(SessionStoreError) -> Lock? {
        let offset = Self.offset(key)
        guard let opening = try attempt(offset, 2) else { return nil }
        return Lock(self, opening, offset, 2)
    }

    /// The right to sweep; nil when another process has it.
    func trySweep() throws(SessionStoreError) -> Lock? {
        guard let opening = try attempt(0, 1) else { return nil }
        return Lock(self, opening, 0, 1)
    }

    /// Waits for a session's content, and keeps it until the lease is released.
    func lease(_ key: SessionStoreKey, until deadline: LockDeadline) throws(SessionStoreError)
        -> SessionStoreLease
    {
        let offset = Self.offset(key)
        let opening = try wait(offset, until: deadline)
        let serial = table.withLock { table in
            table.serial += 1
            table.leases[table.serial] = Held(opening: opening, key: key)
            return table.serial
        }
        return SessionStoreLease(key, token: serial) { [self] in
            if let held = table.withLock({ $0.leases.removeValue(forKey: serial) }) {
                release(held.opening, offset, 1)
            }
        }
    }

    /// Whether this is a lease of ours on this key, and not released.
    func holds(_ lease: SessionStoreLease, _ key: SessionStoreKey) -> Bool {
        table.withLock { $0.leases[lease.token]?.key == key } && lease.key == key
    }

    // 61 bits of the digest, twice, above the byte of the sweep: two sessions that share a byte wait for each other, and nothing else.
    private static func offset(_ key: SessionStoreKey) -> Int64 { 2 + Int64(key.words[0] >> 3) << 1 }

    private func wait(_ offset: Int64, until deadline: LockDeadline) throws(SessionStoreError) -> Opening {
        var backOff = BackOff(until: deadline)
        while true {
            if let opening = try attempt(offset, 1) { return opening }
            guard backOff.wait() else {
                throw SessionStoreError(.timedOut, "lock a session in \(folders.path)")
            }
        }
    }

    private func attempt(_ offset: Int64, _ length: Int64) throws(SessionStoreError) -> Opening? {
        while true {
            let opening = try idle()
            do {
                guard try Files.tryLock(opening.descriptor.number, at: offset, length: length) else {
                    keep(opening)
                    return nil
                }
                if try Files.status(of: opening.descriptor.number).links > 0 { return opening }
            } catch {
                throw SessionStoreError("lock a session in \(folders.path)", error)
            }
            // The file was removed: nobody who comes later would see a lock on it.
            table.withLock { $0.idle.removeAll() }
        }
    }

    private func idle() throws(SessionStoreError) -> Opening {
        if let opening = table.withLock({ $0.idle.popLast() }) { return opening }
        while true {
            let own = try folders.own()
            do {
                let flags: Files.OpenFlags = [.readWrite, .create, .noFollow, .nonBlocking]
                return Opening(try Files.open(folders.ownName("locks"), in: own.number, flags))
            } catch {
                if error == .noSuchFile, try folders.reopenIfRemoved() { continue }
                throw SessionStoreError("open the lock file of \(folders.path)", error)
            }
        }
    }

    private func keep(_ opening: Opening) {
        table.withLock { table in
            if table.idle.count < Self.idleLimit { table.idle.append(opening) }
        }
    }

    private func release(_ opening: Opening, _ offset: Int64, _ length: Int64) {
        // An opening that will not unlock is closed instead, which unlocks it.
        if (try? Files.unlock(opening.descriptor.number, at: offset, length: length)) != nil { keep(opening) }
    }
}
