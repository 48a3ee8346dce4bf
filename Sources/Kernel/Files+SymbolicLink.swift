internal import Glibc

extension Files {
    /// Makes a symbolic link, symlinkat(2); an existing name is EEXIST.
    ///
    /// - Parameters:
    ///   - text: what the link says; it need not be the name of anything.
    ///   - name: the link.
    ///   - directory: where the link is made.
    /// - Throws: the errno of symlinkat(2).
    public static func makeSymbolicLink(saying text: String, at name: String, in directory: Int32)
        throws(Errno)
    {
        try checkName(text)
        // Safe because both pointers are NUL-terminated strings that live for the call.
        _ = try withName(name, .link) { link in
            unsafe text.withCString { unsafe symlinkat($0, directory, link) }
        }
    }

    /// What a symbolic link says, readlinkat(2), at most 255 bytes of it; EINVAL for anything but a link.
    public static func readSymbolicLink(_ name: String, in directory: Int32) throws(Errno) -> String {
        var buffer = [CChar](repeating: 0, count: 255)
        // Safe because readlinkat(2) writes at most the given count.
        let length = try withName(name, .read) { unsafe readlinkat(directory, $0, &buffer, 255) }
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
