internal import Glibc

extension Processes {
    /// The number of a group of the group database, getgrnam(3); ENOENT when there is none.
    public static func groupNumber(_ name: String) throws(Errno) -> UInt32 {
        var entry = unsafe Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        // Safe because the entry and the buffer live for the call, and only a number is taken out of them.
        let failure = try Files.withName(name, .other) { name in
            unsafe getgrnam_r(name, &entry, &buffer, buffer.count, &found)
        }
        if failure != 0 { throw Errno(rawValue: failure) }
        guard unsafe found != nil else { throw .noSuchFile }
        return unsafe entry.gr_gid
    }
}
