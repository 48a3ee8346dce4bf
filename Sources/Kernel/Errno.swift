internal import CKernel
internal import Glibc

/// An error number of a system call, errno(3).
public struct Errno: Error, RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number as in `errno.h`, 1 to about 133 on Linux.
    public let rawValue: Int32

    /// Takes a number as it stands in `errno`.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// EPERM.
    public static let notPermitted = Errno(rawValue: EPERM)
    /// ENOENT.
    public static let noSuchFile = Errno(rawValue: ENOENT)
    /// EINTR; the wrappers of this module retry it, so callers do not meet it.
    public static let interrupted = Errno(rawValue: EINTR)
    /// EIO.
    public static let inputOutput = Errno(rawValue: EIO)
    /// EBADF.
    public static let badDescriptor = Errno(rawValue: EBADF)
    /// ECHILD.
    public static let noChild = Errno(rawValue: ECHILD)
    /// EAGAIN, also EWOULDBLOCK.
    public static let wouldBlock = Errno(rawValue: EAGAIN)
    /// ENOMEM.
    public static let noMemory = Errno(rawValue: ENOMEM)
    /// EACCES.
    public static let accessDenied = Errno(rawValue: EACCES)
    /// EEXIST.
    public static let fileExists = Errno(rawValue: EEXIST)
    /// EXDEV.
    public static let crossDevice = Errno(rawValue: EXDEV)
    /// ENOTDIR.
    public static let notDirectory = Errno(rawValue: ENOTDIR)
    /// EISDIR.
    public static let isDirectory = Errno(rawValue: EISDIR)
    /// EINVAL.
    public static let invalidArgument = Errno(rawValue: EINVAL)
    /// ENFILE: the system's table of open files is full.
    public static let tooManyOpenFilesInSystem = Errno(rawValue: ENFILE)
    /// EMFILE: the process's table of open files is full.
    public static let tooManyOpenFiles = Errno(rawValue: EMFILE)
    /// EFBIG.
    public static let fileTooLarge = Errno(rawValue: EFBIG)
    /// ENOSPC: no blocks or no inodes.
    public static let noSpace = Errno(rawValue: ENOSPC)
    /// EROFS.
    public static let readOnlyFileSystem = Errno(rawValue: EROFS)
    /// EPIPE.
    public static let brokenPipe = Errno(rawValue: EPIPE)
    /// ENAMETOOLONG.
    public static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    /// ENOSYS.
    public static let notImplemented = Errno(rawValue: ENOSYS)
    /// ENOTEMPTY.
    public static let notEmpty = Errno(rawValue: ENOTEMPTY)
    /// ELOOP: also what `O_NOFOLLOW` says of a symbolic link.
    public static let symbolicLink = Errno(rawValue: ELOOP)
    /// ENXIO: what opening a FIFO or socket without a peer says.
    public static let noSuchDevice = Errno(rawValue: ENXIO)
    /// ENOTSUP, also EOPNOTSUPP.
    public static let notSupported = Errno(rawValue: ENOTSUP)
    /// EADDRINUSE.
    public static let addressInUse = Errno(rawValue: EADDRINUSE)
    /// ECONNRESET.
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    /// ECONNREFUSED.
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    /// ECONNABORTED.
    public static let connectionAborted = Errno(rawValue: ECONNABORTED)
    /// ETIMEDOUT: also what this module throws where a deadline of its own has passed.
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    /// ESTALE.
    public static let staleHandle = Errno(rawValue: ESTALE)
    /// EDQUOT.
    public static let quotaExceeded = Errno(rawValue: EDQUOT)

    /// The C library's words and the number, `No such file or directory (errno 2)`.
    public var description: String {
        var buffer = [CChar](repeating: 0, count: 128)
        // Safe because the shim writes a NUL-terminated string of at most the given size.
        unsafe ck_error_text(rawValue, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(text) (errno \(rawValue))"
    }
}
