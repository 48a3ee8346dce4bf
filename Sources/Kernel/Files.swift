internal import CKernel
internal import Glibc

/// System calls on files and directories, relative to a directory descriptor.
///
/// Every call throws the errno of its man page. Names are UTF-8; one with a NUL byte is refused with EINVAL before any call.
public enum Files {
    /// The directory descriptor that stands for the working directory, `AT_FDCWD`.
    public static let workingDirectory: Int32 = AT_FDCWD

    /// How a file is opened; the values of open(2).
    public struct OpenFlags: OptionSet, Sendable {
        /// The bits of open(2).
        public let rawValue: Int32
        /// Takes bits of open(2).
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// Reading only.
        public static let read = OpenFlags(rawValue: O_RDONLY)
        /// Writing only.
        public static let write = OpenFlags(rawValue: O_WRONLY)
        /// Reading and writing.
        public static let readWrite = OpenFlags(rawValue: O_RDWR)
        /// Made when it is not there.
        public static let create = OpenFlags(rawValue: O_CREAT)
        /// With `create`: an existing file is EEXIST.
        public static let exclusive = OpenFlags(rawValue: O_EXCL)
        /// Cut to nothing.
        public static let truncate = OpenFlags(rawValue: O_TRUNC)
        /// Each write at the end.
        public static let append = OpenFlags(rawValue: O_APPEND)
        /// Only a directory.
        public static let directory = OpenFlags(rawValue: O_DIRECTORY)
        /// A symbolic link as the last part is ELOOP.
        public static let noFollow = OpenFlags(rawValue: O_NOFOLLOW)
        /// A FIFO or device does not block the open.
        public static let nonBlocking = OpenFlags(rawValue: O_NONBLOCK)
        /// Reads do not change the access time; only for the owner.
        public static let noAccessTime = OpenFlags(rawValue: 0o1000000)
    }

    /// Opens a file; close-on-exec is always set.
    public static func open(
        _ path: String,
        in directory: Int32 = workingDirectory,
        _ flags: OpenFlags,
        mode: UInt32 = 0o600
    ) throws(Errno) -> Descriptor {
        Descriptor(
            owning: try withName(path, .open) { name in
                // Safe because the pointer is a NUL-terminated string that lives for the call.
                unsafe ck_openat(directory, name, flags.rawValue | O_CLOEXEC, mode)
            }
        )
    }

    /// Reads at most the buffer's size from the descriptor's position.
    ///
    /// - Returns: the number of bytes, 0 at the end.
    public static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(Errno)
        -> Int
    {
        var count = buffer.count
        #if DEBUG
            count = FaultPlan.allowance(at: .read, of: count)
        #endif
        // Safe because the buffer bounds what read(2) writes.
        return try call(.read) { unsafe Glibc.read(descriptor, buffer.baseAddress, count) }
    }

    /// Reads at most the buffer's size from an offset, without moving the position.
    ///
    /// - Returns: the number of bytes, 0 at the end.
    public static func read(
        _ descriptor: Int32,
        at offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(Errno) -> Int {
        // Safe because the buffer bounds what pread(2) writes.
        try call(.read) { unsafe pread(descriptor, buffer.baseAddress, buffer.count, offset) }
    }

    /// Reads to the end of the file.
    ///
    /// - Returns: the bytes, or nil when there are more than `limit`.
    public static func readAll(_ descriptor: Int32, expecting size: Int = 0, limit: Int) throws(Errno)
        -> [UInt8]?
    {
        // One more than expected, so that a file of the expected size is read to its end in two calls at most.
        let capacity = Swift.min(Swift.max(size, 0), limit) + 1
        var bytes = [UInt8](repeating: 0, count: capacity)
        var filled = 0
        while true {
            if filled == bytes.count {
                if filled > limit { return nil }
                bytes.append(contentsOf: repeatElement(0, count: Swift.min(filled, limit + 1 - filled)))
            }
            var failure: Errno?
            // Safe because the slice lies inside the array.
            let got = unsafe bytes.withUnsafeMutableBytes { all in
                do throws(Errno) {
                    return unsafe try read(
                        descriptor,
                        into: UnsafeMutableRawBufferPointer(rebasing: all[filled...])
                    )
                } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            if got == 0 { break }
            filled += got
            if filled > limit { return nil }
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Writes every byte, as often as it takes.
    public static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            var count = rest.count
            #if DEBUG
                count = FaultPlan.allowance(at: .write, of: count)
            #endif
            // Safe because the buffer bounds what write(2) reads.
            let written = try call(.write) { unsafe Glibc.write(descriptor, rest.baseAddress, count) }
            // A file system that says 0 for ever would hold the thread.
            if written == 0 { throw .inputOutput }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Writes every byte of an array.
    public static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws(Errno) {
        try withBytes(bytes) { (all) throws(Errno) in unsafe try writeAll(descriptor, all) }
    }

    /// Puts data and metadata on the disk, fsync(2); on a directory, its entries.
    public static func sync(_ descriptor: Int32) throws(Errno) { _ = try call(.sync) { fsync(descriptor) } }

    /// Puts data on the disk, fdatasync(2).
    public static func syncData(_ descriptor: Int32) throws(Errno) {
        _ = try call(.syncData) { fdatasync(descriptor) }
    }

    /// What renameat2(2) does with an existing target.
    public enum Replacement: UInt32, Sendable {
        /// Replaces it; plain rename(2).
        case replace = 0
        /// Refuses with EEXIST; `RENAME_NOREPLACE`.
        case refuse = 1
        /// Swaps the two, both must exist; `RENAME_EXCHANGE`.
        case exchange = 2
    }

    /// Renames within or between directories.
    public static func rename(
        _ from: String,
        in fromDirectory: Int32,
        to: String,
        in toDirectory: Int32,
        _ replacement: Replacement = .replace
    ) throws(Errno) {
        try checkName(to)
        _ = try withName(from, .rename) { source in
            // Safe because both pointers are NUL-terminated strings that live for the call.
            unsafe to.withCString { target in
                unsafe ck_renameat2(fromDirectory, source, toDirectory, target, replacement.rawValue)
            }
        }
    }

    /// Makes a second name for a file, linkat(2); an existing one is EEXIST.
    public static func link(_ from: String, in fromDirectory: Int32, to: String, in toDirectory: Int32)
        throws(Errno)
    {
        try checkName(to)
        _ = try withName(from, .link) { source in
            // Safe because both pointers are NUL-terminated strings that live for the call.
            unsafe to.withCString { target in unsafe linkat(fromDirectory, source, toDirectory, target, 0) }
        }
    }

    /// Removes a name, unlinkat(2).
    public static func unlink(_ path: String, in directory: Int32 = workingDirectory) throws(Errno) {
        // Safe because the pointer is a NUL-terminated string that lives for the call.
        _ = try withName(path, .unlink) { unsafe unlinkat(directory, $0, 0) }
    }

    /// Removes an empty directory.
    public static func removeDirectory(_ path: String, in directory: Int32 = workingDirectory) throws(Errno) {
        // Safe because the pointer is a NUL-terminated string that lives for the call.
        _ = try withName(path, .removeDirectory) { unsafe unlinkat(directory, $0, AT_REMOVEDIR) }
    }

    /// Makes a directory.
    public static func makeDirectory(
        _ path: String,
        in directory: Int32 = workingDirectory,
        mode: UInt32 = 0o700
    ) throws(Errno) {
        // Safe because the pointer is a NUL-terminated string that lives for the call.
        _ = try withName(path, .makeDirectory) { unsafe mkdirat(directory, $0, mode) }
    }

    /// Sets the permission bits of an open file.
    public static func changeMode(_ descriptor: Int32, to mode: UInt32) throws(Errno) {
        _ = try call(.changeMode) { fchmod(descriptor, mode) }
    }

    /// Sets the permission bits of a path; follows symbolic links.
    public static func changeMode(of path: String, to mode: UInt32) throws(Errno) {
        // Safe because the pointer is a NUL-terminated string that lives for the call.
        _ = try withName(path, .changeMode) { unsafe chmod($0, mode) }
    }

    /// Sets owner and group of a path; nil leaves one as it is.
    ///
    /// A symbolic link is not followed.
    public static func changeOwner(of path: String, user: UInt32?, group: UInt32?) throws(Errno) {
        // Safe because the pointer is a NUL-terminated string that lives for the call.
        _ = try withName(path, .changeOwner) { unsafe lchown($0, user ?? UInt32.max, group ?? UInt32.max) }
    }

    /// Cuts or stretches an open file.
    public static func truncate(_ descriptor: Int32, to size: Int) throws(Errno) {
        _ = try call(.truncate) { ftruncate(descriptor, size) }
    }

    /// Moves the position to an offset from the start.
    public static func seek(_ descriptor: Int32, to offset: Int) throws(Errno) {
        _ = try call(.seek) { lseek(descriptor, offset, SEEK_SET) }
    }

    /// Makes a file that has no name and lives in memory, memfd_create(2).
    public static func memoryFile(_ name: String) throws(Errno) -> Descriptor {
        // Safe because the pointer is a NUL-terminated string that lives for the call.
        Descriptor(owning: try withName(name, .memoryFile) { unsafe ck_memfd($0) })
    }

    static func checkName(_ name: String) throws(Errno) {
        if name.utf8.contains(0) { throw .invalidArgument }
    }

    @safe @inline(__always)
    static func withName<Result: SignedInteger>(
        _ name: String,
        _ system: SystemCall,
        _ body: (UnsafePointer<CChar>) -> Result
    ) throws(Errno) -> Result {
        try checkName(name)
        // Safe because the body only passes the pointer to one call.
        return try call(system) { unsafe name.withCString(body) }
    }

    @safe @inline(__always)
    static func withBytes<Result>(
        _ bytes: [UInt8],
        _ body: (UnsafeRawBufferPointer) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        // Array's own closure rethrows untyped; the outcome is carried out as a value instead.
        let outcome: Swift.Result<Result, Errno> = unsafe bytes.withUnsafeBytes { all in
            do throws(Errno) { return .success(unsafe try body(all)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
