internal import Glibc

extension Processes {
    /// Sets which permission bits new files never get, umask(2); it holds for the whole process.
    ///
    /// - Returns: the mask of before.
    public static func setFileCreationMask(_ mask: UInt32) -> UInt32 { umask(mask) }
}
