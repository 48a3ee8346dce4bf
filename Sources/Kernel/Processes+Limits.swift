internal import CKernel
internal import Glibc

extension Processes {
    /// How many descriptors this process may have open, the soft bound of `RLIMIT_NOFILE` (getrlimit(2)).
    public static func openFileLimit() throws(Errno) -> Int {
        var limit = rlimit()
        // Safe because the pointer lives for the call.
        _ = try call(.other) { unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
        // RLIM_INFINITY is all ones.
        return Int(clamping: limit.rlim_cur)
    }
}
