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
        var stream = try DirectoryStream(directory)
        while let name = try stream.next() {
            if !body(name) { return }
        }
    }
}
