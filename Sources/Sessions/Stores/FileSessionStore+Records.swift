internal import Kernel
internal import Logging
internal import Web

/// What the store's operations are made of.
extension FileSessionStore {
    /// A record's file and the folder that it was found in.
    struct Found: ~Copyable {
        let folder: StoreFolder
        let file: RecordFile
    }

    /// Opens and reads what stands in a place; puts aside what no store has put there.
    func find(_ place: RecordPlace) throws(SessionStoreError) -> Found? {
        while true {
            guard let folder = try folders.records(place.folder, makes: false) else { return nil }
            let finding = try throwing("read record in \(folders.path)") { () throws(Errno) in
                try RecordFile.find(place.name, in: folder, ownedBy: folders.user, limit: fileLimit)
            }
            switch consume finding {
            case .record(let file): return Found(folder: folder, file: file)
            case .absent:
                guard try folders.forgetIfRemoved(place.folder, folder) else { return nil }
            case .odd(let reason, let inode):
                if putAside(place, in: folder, inode: inode, because: reason) { return nil }
            }
        }
    }

    /// The record in a file; nil when it was damaged and has been put aside.
    func decode(_ found: borrowing Found, _ place: RecordPlace) throws(SessionStoreError) -> SessionRecord? {
        let status = found.file.status
        guard options.layout == .express else {
            return SessionRecord(
                payload: found.file.bytes,
                expires: status.modification.unixTime,
                lastUsed: status.access.unixTime
            )
        }
        if let record = ExpressRecord.decode(
            found.file.bytes,
            ttl: options.ttlMilliseconds,
            modified: status.modification.unixTime
        ) {
            return record
        }
        _ = putAside(place, in: found.folder, inode: status.inode, because: "not JSON")
        return nil
    }

    /// The bytes of a record's file.
    func encode(_ record: SessionRecord) throws(SessionStoreError) -> [UInt8] {
        guard record.payload.count <= options.maximumRecordBytes else {
            throw SessionStoreError(
                .tooLarge,
                "a record of \(record.payload.count) bytes for \(folders.path), which takes \(options.maximumRecordBytes)"
            )
        }
        guard options.layout == .express else { return record.payload }
        guard let bytes = ExpressRecord.encode(record.payload, lastUsed: record.lastUsed) else {
            throw SessionStoreError(
                .misconfigured,
                "the express layout of \(folders.path) takes JSON objects only"
            )
        }
        return bytes
    }

    /// Puts a changed record in the place of the one that was found.
    func replace(
        _ key: SessionStoreKey,
        _ place: RecordPlace,
        _ found: borrowing Found,
        _ record: SessionRecord
    ) throws(SessionStoreError) -> RecordWriter.Outcome {
        let bytes = try encode(record)
        let writer = try writer(found.folder)
        let context = "replace record in \(folders.path)"
        let sync = sync(of: record)
        let times = times(record)
        let file = try throwing(context) { () throws(Errno) in try writer.write(bytes, times, sync) }
        let inode = found.file.status.inode
        let existence = try takeExistence(key)
        defer { extendLifetime(existence) }
        if record.user != nil || options.layout == .express {
            // Looked at before anything is moved, so that nobody sees our version for a moment and then Express's again.
            let standing = try throwing(context) { () throws(Errno) in try writer.inode(place.name) }
            guard let standing else { return .gone }
            guard standing == inode else { return .interfered }
        }
        if let user = record.user { try index.enter(place.entry, user: user) }
        do throws(Errno) {
            return try writer.replace(place.name, file, sync, read: inode)
        } catch {
            throw SessionStoreError(context, error)
        }
    }

    /// Writes a record of the express layout again with another time of its last use.
    func rewrite(_ key: SessionStoreKey, _ place: RecordPlace, lastUsed: UnixTime) throws(SessionStoreError)
        -> Bool
    {
        while true {
            guard let found = try find(place), var record = try decode(found, place) else { return false }
            record.lastUsed = lastUsed
            switch try replace(key, place, found, record) {
            case .replaced: return true
            case .gone: return false
            case .interfered: continue
            }
        }
    }

    /// Removes what stands in a place, and the entry of the users' index; the caller holds the existence lock.
    func remove(_ place: RecordPlace, in folder: StoreFolder) throws(SessionStoreError) -> Bool {
        do throws(Errno) {
            try Files.unlink(place.name, in: folder.number)
        } catch .noSuchFile {
            return false
        } catch .isDirectory {
            // No record, but it must not stay in the way of one.
            _ = putAside(place, in: folder, inode: nil, because: "a folder")
            return false
        } catch {
            throw SessionStoreError("destroy record in \(folders.path)", error)
        }
        index.forget(place.entry)
        return true
    }

    /// Moves what stands under a record's name to the quarantine, and says so in the log.
    ///
    /// - Parameters:
    ///   - place: the record's.
    ///   - folder: its folder.
    ///   - inode: of what was judged; another file that has come into its place meanwhile is put back.
    ///   - reason: for the log; without values or ids.
    /// - Returns: false when it was another file, and the place is worth another look.
    func putAside(_ place: RecordPlace, in folder: StoreFolder, inode: UInt64?, because reason: String)
        -> Bool
    {
        let aside = "\(place.entry).\(UInt64.random(in: 0...(.max)))"
        do {
            let quarantine = try folders.own("quarantine")
            try Files.rename(place.name, in: folder.number, to: aside, in: quarantine.number, .replace)
            if let inode, try Files.status(aside, in: quarantine.number).inode != inode {
                try Files.rename(aside, in: quarantine.number, to: place.name, in: folder.number, .refuse)
                return false
            }
        } catch {
            if (error as? Errno) == .noSuchFile { return false }
            // It stays where it is and is still no session; said once, not with every request.
            if noteFirstFailure() {
                logger.error(
                    "cannot put a damaged session file aside",
                    metadata: ["folder": "\(folders.path)", "reason": "\(reason)", "error": "\(error)"]
                )
            }
            return true
        }
        noteQuarantined()
        logger.warning(
            "put a damaged session file aside",
            metadata: ["folder": "\(folders.path)", "reason": "\(reason)"]
        )
        return true
    }

    func takeExistence(_ key: SessionStoreKey) throws(SessionStoreError) -> SessionLocks.Lock {
        try locks.take(key, .existence, until: .milliseconds(Self.existenceMilliseconds))
    }

    func writer(_ folder: StoreFolder) throws(SessionStoreError) -> RecordWriter {
        RecordWriter(folder: folder, temporary: try folders.temporary(for: folder))
    }

    /// The times of a record's file; in the express layout they are the file's own business.
    func times(_ record: SessionRecord) -> RecordWriter.Times? {
        guard options.layout == .native else { return nil }
        return (FileStatus.Time(record.lastUsed), FileStatus.Time(record.expires))
    }

    private func sync(of record: SessionRecord) -> RecordWriter.Sync {
        switch options.durability {
        case .none: .none
        case .identity: record.user == nil ? .ordered : .full
        case .all: .full
        }
    }

    // The member that the express layout adds.
    private var fileLimit: Int { options.maximumRecordBytes + (options.layout == .express ? 48 : 0) }
}
