internal import CKernel
internal import Glibc

extension Files {
    /// Tries to lock bytes of an open file for this open file description, `F_OFD_SETLK` (fcntl(2)).
    ///
    /// The lock belongs to the open file description: another descriptor of this process that opened the file anew is refused as a
    /// stranger is, and the kernel lets go when the last descriptor of the description is closed, also by a kill.
    ///
    /// - Returns: whether the lock was had; never waits.
    public static func tryLock(_ descriptor: Int32, at offset: Int64, length: Int64 = 1) throws(Errno) -> Bool
    {
        do {
            _ = try call(.lock) { ck_ofd_lock(descriptor, 1, offset, length) }
            return true
        } catch .wouldBlock {
            return false
        } catch .accessDenied {
            // POSIX allows either number for "held by another" (fcntl(2)).
            return false
        }
    }

    /// Lets go of bytes locked by this open file description; bytes that were not locked are fine.
    public static func unlock(_ descriptor: Int32, at offset: Int64, length: Int64 = 1) throws(Errno) {
        _ = try call(.lock) { ck_ofd_lock(descriptor, 2, offset, length) }
    }
}
