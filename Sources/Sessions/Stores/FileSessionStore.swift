internal import Kernel
public import Logging
internal import Synchronization
public import Web

/// Sessions as files, one each, shared by any number of threads and processes.
///
/// Readers take no lock and see a record whole. Changes of one session follow each other under its lock; nothing that was destroyed comes
/// back; and what was acknowledged is on the disk as far as `Options.Durability` says. Files are 0600, folders 0700, all of them ours.
/// In the native layout a file's modification time is the instant at which the session expires, and its access time the last use, so that a
/// backup that keeps times keeps sessions.
///
/// The classes below this one: `StoreFolders` (where things lie), `RecordFile` (reading), `RecordWriter` (replacing), `SessionLocks`,
/// `UserIndex`, `SweepRound`, `ExpressRecord` (the other layout's bytes).
public final class FileSessionStore: SessionStore {
    /// How records are kept.
    public let options: Options
    /// What the middleware must know.
    public let traits: SessionStoreTraits

    let folders: StoreFolders
    let locks: SessionLocks
    let index: UserIndex
    let logger: Logger
    // Where the sweep stopped; whoever sweeps takes it out and puts it back.
    let sweepRound = Mutex<SweepRound?>(nil)
    private let quarantined = Atomic<Int>(0)

    // How long destroy and touch wait for each other; they hold the lock for microseconds.
    static let existenceMilliseconds: Int64 = 2_000
    // How often a change begins anew because Express wrote in between.
    private static let maximumTries = 64

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - directory: the folder; made with mode 0700 when it is missing, but not the folders above it.
    ///   - options: how records are kept; every process that shares the folder must be given the same.
    ///   - logger: told of files that are put aside.
    /// - Throws: `.misconfigured` for a folder that is a symbolic link, not ours, open to others, or of another format; `.unavailable` for one
    ///   that cannot be opened.
    public init(
        directory: String,
        options: Options = Options(),
        logger: Logger
    ) throws(SessionStoreError) {
        self.options = options
        self.logger = logger
        let isExpress = options.layout == .express
        traits = SessionStoreTraits(namesRecordsByID: isExpress, keepsExpiryInPayload: isExpress)
        folders = try StoreFolders(path: directory, options: options)
        locks = SessionLocks(folders)
        index = UserIndex(folders: folders, syncs: options.durability != .none)
    }

    // Whether a file that could not be put aside has been logged.
    private let hasFailedAside = Atomic<Bool>(false)

    /// How many files this object has put aside.
    public var quarantineCount: Int { quarantined.load(ordering: .relaxed) }

    func noteQuarantined() { quarantined.add(1, ordering: .relaxed) }

    /// Whether this is the first such failure.
    func noteFirstFailure() -> Bool { !hasFailedAside.exchange(true, ordering: .relaxed) }

    /// Reads a record: open, look, read, close.
    public func load(_ key: SessionStoreKey) throws(SessionStoreError) -> SessionRecord? {
        guard let place = options.layout.place(of: key), let found = try find(place) else { return nil }
        return try decode(found, place)
    }

    /// Stores a record under a free key.
    ///
    /// In the express layout the payload must be a JSON object, because a member is added to it.
    public func create(_ key: SessionStoreKey, _ record: SessionRecord) throws(SessionStoreError) -> Bool {
        guard let place = options.layout.place(of: key) else {
            throw SessionStoreError(
                .misconfigured,
                "create record in \(folders.path): the key has no usable id"
            )
        }
        let bytes = try encode(record)
        while true {
            guard let folder = try folders.records(place.folder, makes: true) else { continue }
            do throws(SessionStoreError) {
                return try create(key, place, record, bytes, try writer(folder))
            } catch {
                // The folder was removed under us: made anew, once, because the next one that is removed is another one.
                if error.underlyingError == .noSuchFile, try folders.forgetIfRemoved(place.folder, folder) {
                    continue
                }
                throw error
            }
        }
    }

    private func create(
        _ key: SessionStoreKey,
        _ place: RecordPlace,
        _ record: SessionRecord,
        _ bytes: [UInt8],
        _ writer: RecordWriter
    ) throws(SessionStoreError) -> Bool {
        let sync: RecordWriter.Sync = options.durability == .none ? .none : .full
        let context = "create record in \(folders.path)"
        let times = times(record)
        let file = try throwing(context) { () throws(Errno) in try writer.write(bytes, times, sync) }
        let existence = try takeExistence(key)
        defer { extendLifetime(existence) }
        if let user = record.user {
            // On the list first, so that no session is ever missing there; but not for a key that is taken.
            let standing = try throwing(context) { () throws(Errno) in try writer.inode(place.name) }
            guard standing == nil else { return false }
            try index.enter(place.entry, user: user)
        }
        do throws(Errno) {
            let isCreated = try writer.create(place.name, file, sync)
            if !isCreated, record.user != nil { index.forget(place.entry) }
            return isCreated
        } catch {
            if record.user != nil { index.forget(place.entry) }
            throw SessionStoreError(context, error)
        }
    }

    /// Edits a record under its lock.
    public func update(
        _ key: SessionStoreKey,
        holding lease: SessionStoreLease?,
        until deadline: LockDeadline,
        _ change: (inout SessionRecord) -> SessionRecordChange
    ) throws(SessionStoreError) -> SessionUpdateOutcome {
        guard let place = options.layout.place(of: key) else { return .gone }
        let isHeld = lease.map { locks.holds($0, key) } ?? false
        let own = isHeld ? nil : try locks.take(key, .content, until: deadline)
        defer { extendLifetime(own) }
        for _ in 0..<Self.maximumTries {
            guard let found = try find(place), var record = try decode(found, place) else { return .gone }
            guard change(&record) == .store else { return .leftAsItWas }
            switch try replace(key, place, found, record) {
            case .replaced: return .stored
            case .gone: return .gone
            // The one that was changed has ended; what stands there now is another session.
            case .interfered where options.layout == .native: return .gone
            case .interfered: continue
            }
        }
        throw SessionStoreError(.timedOut, "update record in \(folders.path): others write it all the time")
    }

    /// Takes the session's lock.
    public func lease(
        _ key: SessionStoreKey,
        until deadline: LockDeadline
    ) throws(SessionStoreError) -> SessionStoreLease { try locks.lease(key, until: deadline) }

    /// Moves the two instants: one call on the file's times.
    ///
    /// In the express layout the record is written again with `lastUsed`, as session-file-store does, and `expires` follows from it.
    public func touch(
        _ key: SessionStoreKey,
        expires: UnixTime,
        lastUsed: UnixTime
    ) throws(SessionStoreError) -> Bool {
        guard let place = options.layout.place(of: key) else { return false }
        if options.layout == .express { return try rewrite(key, place, lastUsed: lastUsed) }
        while true {
            guard let folder = try folders.records(place.folder, makes: false) else { return false }
            // Against a sweep that has just found it expired.
            let existence = try takeExistence(key)
            defer { extendLifetime(existence) }
            do throws(Errno) {
                try Files.setTimes(
                    of: place.name,
                    in: folder.number,
                    access: FileStatus.Time(lastUsed),
                    modification: FileStatus.Time(expires)
                )
                return true
            } catch {
                guard error == .noSuchFile else {
                    throw SessionStoreError("touch record in \(folders.path)", error)
                }
                guard try folders.forgetIfRemoved(place.folder, folder) else { return false }
            }
        }
    }

    /// Ends a session.
    @discardableResult
    public func destroy(_ key: SessionStoreKey) throws(SessionStoreError) -> Bool {
        guard let place = options.layout.place(of: key) else { return false }
        while true {
            guard let folder = try folders.records(place.folder, makes: false) else { return false }
            let existence = try takeExistence(key)
            defer { extendLifetime(existence) }
            let isRemoved = try remove(place, in: folder)
            if !isRemoved, try folders.forgetIfRemoved(place.folder, folder) { continue }
            if options.durability != .none {
                try throwing("destroy record in \(folders.path)") { () throws(Errno) in
                    if isRemoved { try folder.sync() } else { try folder.syncAfterFailure() }
                }
            }
            return isRemoved
        }
    }

    /// Puts a record aside.
    public func quarantine(_ key: SessionStoreKey, because reason: String) throws(SessionStoreError) {
        guard let place = options.layout.place(of: key),
            let folder = try folders.records(place.folder, makes: false)
        else { return }
        let existence = try takeExistence(key)
        defer { extendLifetime(existence) }
        if putAside(place, in: folder, inode: nil, because: reason) { index.forget(place.entry) }
    }
}
