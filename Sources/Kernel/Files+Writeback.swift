internal import CKernel

extension Files {
    /// Begins to write a file's pages to the disk and does not wait for it, sync_file_range(2).
    ///
    /// Its blocks are chosen by the time this returns, so a journalling file system that writes data before the metadata that points
    /// to it (ext4 `data=ordered`) can no longer come back from a power cut with the name and an empty file.
    public static func startWriteback(_ descriptor: Int32) throws(Errno) {
        do {
            _ = try call(.writeback) { ck_start_writeback(descriptor) }
        } catch .notImplemented {
            // A kernel or sandbox without the call: the file system then writes when it likes.
        }
    }
}
