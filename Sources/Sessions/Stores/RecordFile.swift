internal import Kernel
internal import Web

/// A record's file as it was read, still open.
///
/// While it is open its inode number is not given to another file, so an equal number later proves that the same file is meant.
struct RecordFile: ~Copyable {
    let descriptor: Descriptor
    let status: FileStatus
    let bytes: [UInt8]

    /// What stands under a record's name.
    enum Finding: ~Copyable {
        case record(RecordFile)
        case absent
        /// Something that no store has put there, and its inode where that is known.
        case odd(reason: String, inode: UInt64?)
    }

    /// Opens, checks and reads what stands under a name: four system calls.
    ///
    /// All checks are made on the open file, so nothing can be changed between check and use. `O_NONBLOCK` keeps a FIFO from holding us.
    ///
    /// - Parameters:
    ///   - name: the record's.
    ///   - folder: its folder.
    ///   - user: whose it must be.
    ///   - limit: how many bytes it may have.
    /// - Returns: what was found.
    /// - Throws: the errno of a call; only ENOENT is `absent`.
    static func find(
        _ name: String,
        in folder: StoreFolder,
        ownedBy user: UInt32,
        limit: Int
    ) throws(Errno) -> Finding {
        let descriptor: Descriptor
        do {
            // Without O_NOATIME every read would move the time of the last use, because under `relatime` an access time that lies
            // before the modification time is always moved, and ours lies in the future.
            descriptor = try Files.open(
                name,
                in: folder.number,
                [.read, .noFollow, .nonBlocking, .noAccessTime]
            )
        } catch .noSuchFile {
            return .absent
        } catch .symbolicLink {
            return .odd(reason: "a symbolic link", inode: nil)
        } catch .noSuchDevice {
            return .odd(reason: "a socket or device", inode: nil)
        } catch .notPermitted {
            // O_NOATIME is the owner's (open(2)).
            return .odd(reason: "another user's file", inode: nil)
        } catch {
            throw error
        }
        let status = try Files.status(of: descriptor.number)
        if let reason = oddity(status, user, limit: limit) {
            return .odd(reason: reason, inode: status.inode)
        }
        guard let bytes = try read(descriptor.number, Int(status.size), limit: limit) else {
            return .odd(reason: "larger than \(limit) bytes", inode: status.inode)
        }
        return .record(RecordFile(descriptor: descriptor, status: status, bytes: bytes))
    }

    private static func oddity(_ status: FileStatus, _ user: UInt32, limit: Int) -> String? {
        guard status.kind == .regular else {
            return status.kind == .directory ? "a folder" : "no regular file"
        }
        guard status.user == user else { return "another user's file" }
        // 0 is a file that was replaced or removed since it was opened: what it says is still whole.
        guard status.links <= 1 else { return "a file with \(status.links) names" }
        guard status.size <= UInt64(limit) else { return "larger than \(limit) bytes" }
        return nil
    }

    // One call where the file is as long as it says, which a file that is only ever replaced is.
    private static func read(_ descriptor: Int32, _ size: Int, limit: Int) throws(Errno) -> [UInt8]? {
        var failure: Errno?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            // Safe because at most the capacity is read, and what was read is counted.
            do throws(Errno) {
                while count < size {
                    let rest = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                    )
                    let got = unsafe try Files.read(descriptor, into: rest)
                    if got == 0 { break }
                    count += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

extension FileStatus.Time {
    /// The last instant that the file systems in use keep: ext4 ends in 2446, XFS in 2486.
    private static let latest = UnixTime(seconds: 13_569_465_600)

    /// A record's instant as a file's time; before 1970 is 1970, after the year 2400 is 2400.
    init(_ time: UnixTime) {
        self.init(milliseconds: min(max(time, UnixTime(milliseconds: 0)), Self.latest).milliseconds)
    }

    var unixTime: UnixTime { UnixTime(milliseconds: milliseconds) }
}
