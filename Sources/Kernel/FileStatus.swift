internal import CKernel
internal import Glibc

/// What statx(2) says of a file.
public struct FileStatus: Sendable, Equatable {
    /// A point in time as the file system keeps it.
    public struct Time: Sendable, Hashable {
        /// Seconds since 1970-01-01T00:00:00Z.
        public var seconds: Int64
        /// 0 to 999,999,999.
        public var nanoseconds: UInt32

        /// A point in time.
        public init(seconds: Int64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// Milliseconds since 1970, cut down.
        public var milliseconds: Int64 {
            seconds.multipliedReportingOverflow(by: 1000).partialValue &+ Int64(nanoseconds / 1_000_000)
        }

        /// The instant of a number of milliseconds since 1970.
        public init(milliseconds: Int64) {
            var seconds = milliseconds / 1000
            var rest = milliseconds % 1000
            if rest < 0 {
                rest += 1000
                seconds -= 1
            }
            self.init(seconds: seconds, nanoseconds: UInt32(rest) * 1_000_000)
        }
    }

    /// What stands under a name.
    public enum Kind: Sendable { case regular, directory, symbolicLink, other }

    /// The inode number; reused after the file is gone.
    public let inode: UInt64
    /// The device the file lives on.
    public let device: UInt64
    /// Bytes.
    public let size: UInt64
    /// Names of the file; 0 when it is unlinked but open.
    public let links: UInt32
    /// The owner.
    public let user: UInt32
    /// The group.
    public let group: UInt32
    /// The twelve permission bits.
    public let permissions: UInt32
    /// What it is.
    public let kind: Kind
    /// The last access, or what was set.
    public let access: Time
    /// The last change of the content, or what was set.
    public let modification: Time
    /// The last change of content or metadata; cannot be set.
    public let change: Time
    /// When the inode was made; zero where the file system does not keep it.
    public let birth: Time

    init(_ raw: ck_statx) {
        inode = raw.inode
        device = raw.device
        size = raw.size
        links = raw.links
        user = raw.uid
        group = raw.gid
        permissions = raw.mode & 0o7777
        switch raw.mode & UInt32(S_IFMT) {
        case UInt32(S_IFREG): kind = .regular
        case UInt32(S_IFDIR): kind = .directory
        case UInt32(S_IFLNK): kind = .symbolicLink
        default: kind = .other
        }
        access = Time(seconds: raw.access_seconds, nanoseconds: raw.access_nanoseconds)
        modification = Time(seconds: raw.modification_seconds, nanoseconds: raw.modification_nanoseconds)
        change = Time(seconds: raw.change_seconds, nanoseconds: raw.change_nanoseconds)
        birth = Time(seconds: raw.birth_seconds, nanoseconds: raw.birth_nanoseconds)
    }
}

extension Files {
    /// The status of a name; a symbolic link is not followed.
    public static func status(_ path: String, in directory: Int32 = workingDirectory) throws(Errno)
        -> FileStatus
    {
        var raw = ck_statx()
        // Safe because both pointers live for the call.
        _ = try withName(path, .status) { unsafe ck_statx(directory, $0, AT_SYMLINK_NOFOLLOW, &raw) }
        return FileStatus(raw)
    }

    /// The status of an open file.
    public static func status(of descriptor: Int32) throws(Errno) -> FileStatus {
        var raw = ck_statx()
        // Safe because both pointers live for the call; AT_EMPTY_PATH (0x1000) asks for the descriptor itself.
        _ = try call(.status) { unsafe ck_statx(descriptor, "", 0x1000, &raw) }
        return FileStatus(raw)
    }

    /// Sets access and modification time of a name; nil leaves one as it is.
    ///
    /// A symbolic link is not followed.
    public static func setTimes(
        of path: String,
        in directory: Int32,
        access: FileStatus.Time?,
        modification: FileStatus.Time?
    ) throws(Errno) {
        let times = timeArray(access, modification)
        // Safe because both pointers live for the call, and the array has the four elements that the shim reads.
        _ = try withName(path, .setTimes) { name in
            unsafe times.withUnsafeBufferPointer { unsafe ck_utimens(directory, name, $0.baseAddress) }
        }
    }

    /// Sets access and modification time of an open file; nil leaves one as it is.
    public static func setTimes(
        of descriptor: Int32,
        access: FileStatus.Time?,
        modification: FileStatus.Time?
    ) throws(Errno) {
        let times = timeArray(access, modification)
        // Safe because the array has the four elements that the shim reads.
        _ = try call(.setTimes) {
            unsafe times.withUnsafeBufferPointer { unsafe ck_futimens(descriptor, $0.baseAddress) }
        }
    }

    private static func timeArray(_ access: FileStatus.Time?, _ modification: FileStatus.Time?) -> [Int64] {
        [
            access?.seconds ?? 0, access.map { Int64($0.nanoseconds) } ?? -1,
            modification?.seconds ?? 0, modification.map { Int64($0.nanoseconds) } ?? -1,
        ]
    }
}
