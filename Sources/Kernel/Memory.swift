internal import Glibc

/// What happens to memory that held a secret.
public enum Memory {
    /// Overwrites every byte with 0 and empties the array; the compiler cannot leave it out, explicit_bzero(3).
    ///
    /// An array shares its bytes with its copies until one of them changes: wipe the last holder. Bytes that another array still shares
    /// are left to it.
    public static func wipe(_ bytes: inout [UInt8]) {
        // Safe because the buffer bounds what is written.
        unsafe bytes.withUnsafeMutableBytes { all in
            if let start = all.baseAddress { unsafe explicit_bzero(start, all.count) }
        }
        bytes = []
    }
}
