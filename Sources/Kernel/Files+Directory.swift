internal import Glibc

extension Files {
    /// Calls `body` with each name of a directory but `.` and `..`, in the file system's order.
    ///
    /// Names that are not UTF-8 are passed with U+FFFD in them. Entries made or removed meanwhile may or may not be seen
    /// (readdir(3)).
    ///
    /// - Parameters:
    ///   - directory: a directory descriptor; its position does not matter and is not changed.
    ///   - body: says whether to go on.
    /// - Throws: the errno of openat(2), fdopendir(3) or readdir(3).
    public static func forEachName(in directory: Int32, _ body: (String) -> Bool) throws(Errno) {
        // An own description: the stream moves its position, and closes its descriptor at the end.
        let number = try open(".", in: directory, [.read, .directory]).release()
        guard let stream = unsafe fdopendir(number) else {
            let failure = Errno(rawValue: Glibc.errno)
            _ = Glibc.close(number)
            throw failure
        }
        // Safe because the stream is ours from here to the end of the function.
        defer { unsafe _ = closedir(stream) }
        while true {
            #if DEBUG
                if let fault = FaultPlan.fault(at: .readDirectory) { throw fault }
            #endif
            Glibc.errno = 0
            guard let entry = unsafe readdir(stream) else {
                let number = Glibc.errno
                if number != 0 { throw Errno(rawValue: number) }
                return
            }
            // Safe because d_name is NUL-terminated and lives until the next readdir.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if !body(name) { return }
        }
    }
}
