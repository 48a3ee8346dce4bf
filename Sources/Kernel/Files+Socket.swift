internal import CKernel
internal import Glibc

extension Files {
    /// Whether a name is a socket's; a symbolic link is not followed.
    ///
    /// - Throws: ENOENT when there is no such name, or what else statx(2) says.
    public static func isSocket(_ path: String) throws(Errno) -> Bool {
        var raw = ck_statx()
        // Safe because both pointers live for the call.
        _ = try withName(path, .status) { unsafe ck_statx(workingDirectory, $0, AT_SYMLINK_NOFOLLOW, &raw) }
        return raw.mode & UInt32(S_IFMT) == UInt32(S_IFSOCK)
    }
}
