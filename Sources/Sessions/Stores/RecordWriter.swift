internal import Kernel
internal import Synchronization

/// Puts records in their places, each whole or not at all.
///
/// `create` and `replace` are called by a holder of the existence lock.
///
/// The order of the calls is what makes it hold:
/// 1. the new bytes go to a temporary file beside the record, with its times, and to the disk where that is asked for;
/// 2. one rename puts it in place, so that a reader has the old file or the new one;
/// 3. the folder goes to the disk where that is asked for;
/// 4. the old file goes last, so that a failure of 3 can put it back.
///
/// A replacement is `RENAME_EXCHANGE`, not a plain rename: it fails where nothing stands under the name, so what was destroyed
/// does not come back, and it says which file it took out. A change that is not synced has its write-back started first, because ext4
/// does that for a plain rename alone: without it a power cut some seconds later leaves the name and an empty file.
struct RecordWriter {
    /// What a replacement came to.
    enum Outcome { case replaced, gone, interfered }

    /// How far the bytes must have come.
    enum Sync {
        /// Nowhere.
        case none
        /// On their way, ahead of the rename.
        case ordered
        /// To the disk, with the name.
        case full
    }

    let folder: StoreFolder
    let temporary: StoreFolder

    /// The times of a record's file; nil leaves the file the times of its writing.
    typealias Times = (access: FileStatus.Time, modification: FileStatus.Time)

    /// Puts a new file under a name that is free.
    ///
    /// - Returns: false when it is taken.
    func create(_ name: String, _ file: consuming TemporaryFile, _ sync: Sync) throws(Errno) -> Bool {
        do {
            try Files.rename(file.name, in: temporary.number, to: name, in: folder.number, .refuse)
        } catch .fileExists {
            return false
        } catch  where Self.isUnknownRename(error) {
            // Sound, because whoever creates holds the session's existence lock.
            guard try inode(name) == nil else { return false }
            try Files.rename(file.name, in: temporary.number, to: name, in: folder.number)
        }
        file.noteMoved()
        if sync == .full {
            do {
                try folder.sync()
            } catch {
                try? Files.unlink(name, in: folder.number)
                throw error
            }
        }
        return true
    }

    /// Puts a new file in the place of the one that was read, which is still open.
    ///
    /// - Parameters:
    ///   - name: the record's.
    ///   - file: the new one.
    ///   - sync: how far the folder must have come.
    ///   - inode: of the file that was read.
    /// - Returns: `.interfered` when another file stands there now; then nothing was changed.
    /// - Throws: the errno of a call; then the old file is in its place.
    func replace(
        _ name: String,
        _ file: consuming TemporaryFile,
        _ sync: Sync,
        read inode: UInt64
    ) throws(Errno) -> Outcome {
        do {
            try Files.rename(file.name, in: temporary.number, to: name, in: folder.number, .exchange)
        } catch .noSuchFile {
            // Which of the two was missing? That ours was swept away is not that the session has ended.
            _ = try Files.status(file.name, in: temporary.number)
            return .gone
        } catch  where Self.isUnknownRename(error) {
            return try replaceByRename(file, name, sync, read: inode)
        }
        do {
            let old = try Files.status(file.name, in: temporary.number)
            guard old.inode == inode else {
                putBack(file, name, taken: old.inode)
                return .interfered
            }
            if sync == .full { try folder.sync() }
        } catch {
            putBack(file, name, taken: inode)
            throw error
        }
        return .replaced
    }

    /// Replaces where the file system has no exchange (NFS, some FUSE).
    ///
    /// The existence lock keeps a destroy of ours from coming between look and
    /// rename. A writer that takes no lock, Express, still can.
    private func replaceByRename(
        _ file: consuming TemporaryFile,
        _ name: String,
        _ sync: Sync,
        read inode: UInt64
    ) throws(Errno) -> Outcome {
        guard let standing = try self.inode(name) else { return .gone }
        guard standing == inode else { return .interfered }
        try Files.rename(file.name, in: temporary.number, to: name, in: folder.number)
        file.noteMoved()
        if sync == .full { try folder.sync() }
        return .replaced
    }

    /// Exchanges back.
    ///
    /// What comes out must be ours: anything else was put in place after our exchange, and is newer still.
    private func putBack(_ file: borrowing TemporaryFile, _ name: String, taken: UInt64) {
        guard let ours = try? Files.status(of: file.number).inode else { return }
        var given = taken
        for _ in 0..<8 {
            let isExchanged: Void? = try? Files.rename(
                file.name,
                in: temporary.number,
                to: name,
                in: folder.number,
                .exchange
            )
            guard isExchanged != nil, let out = try? Files.status(file.name, in: temporary.number).inode
            else {
                return
            }
            if out == ours || out == given { return }
            given = out
        }
    }

    /// Writes a new file beside the records; no lock is needed yet.
    func write(_ bytes: [UInt8], _ times: Times?, _ sync: Sync) throws(Errno) -> TemporaryFile {
        let file = try TemporaryFile(in: temporary)
        try Files.writeAll(file.number, bytes)
        if let times {
            try Files.setTimes(of: file.number, access: times.access, modification: times.modification)
        }
        switch sync {
        case .none: break
        case .ordered: try Files.startWriteback(file.number)
        // Not fdatasync: the times are the record's too.
        case .full: try Files.sync(file.number)
        }
        return file
    }

    /// The number of the file under a name; nil when there is none.
    func inode(_ name: String) throws(Errno) -> UInt64? {
        do {
            return try Files.status(name, in: folder.number).inode
        } catch .noSuchFile {
            return nil
        } catch {
            throw error
        }
    }

    private static func isUnknownRename(_ error: Errno) -> Bool {
        error == .invalidArgument || error == .notImplemented || error == .notSupported
    }
}
