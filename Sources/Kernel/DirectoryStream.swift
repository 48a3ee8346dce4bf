internal import Glibc

/// The names of a directory one after the other, readdir(3); a walk that may rest and go on.
///
/// Entries made or removed meanwhile may or may not be seen; every entry that is there all the time is seen once.
@safe public struct DirectoryStream: ~Copyable, @unchecked Sendable {
    // Safe because there is one owner, and the pointer is closed with it.
    private let stream: OpaquePointer

    /// Opens a directory for reading its names.
    ///
    /// - Parameter directory: a directory descriptor; its position does not matter and is not changed.
    /// - Throws: the errno of openat(2) or fdopendir(3).
    public init(_ directory: Int32) throws(Errno) {
        // An own description: the stream moves its position, and closes its descriptor at the end.
        let number = try Files.open(".", in: directory, [.read, .directory]).release()
        guard let stream = unsafe fdopendir(number) else {
            let failure = Errno(rawValue: Glibc.errno)
            _ = Glibc.close(number)
            throw failure
        }
        unsafe self.stream = stream
    }

    // Safe because the stream is ours until here.
    deinit { unsafe _ = closedir(stream) }

    /// The next name but `.` and `..`, in the file system's order; nil at the end.
    ///
    /// Bytes that are not UTF-8 come as U+FFFD, so such a name cannot be opened by what is returned.
    public mutating func next() throws(Errno) -> String? {
        while true {
            #if DEBUG
                if let fault = FaultPlan.fault(at: .readDirectory) { throw fault }
            #endif
            Glibc.errno = 0
            guard let entry = unsafe readdir(stream) else {
                let number = Glibc.errno
                if number != 0 { throw Errno(rawValue: number) }
                return nil
            }
            // Safe because d_name is NUL-terminated and lives until the next readdir.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { return name }
        }
    }
}
