internal import Kernel
internal import Synchronization

/// A folder of a store, open; kept alive by those who work in it, so that its number never becomes another file's meanwhile.
final class StoreFolder: Sendable {
    private let descriptor: Descriptor
    private let isUnsynced = Atomic<Bool>(false)
    private let isAnchored = Atomic<Bool>(false)

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    var number: Int32 { descriptor.number }

    /// Whether the folder has been removed under us (`rm -r`): nothing can be made in it any more.
    var isRemoved: Bool {
        guard let status = try? Files.status(of: number) else { return false }
        return status.links == 0
    }

    /// Puts the folder's own name on the disk, once: what is synced in it is lost when the folder is.
    ///
    /// Whoever finds the folder there does so too, because who made it may not have come to it yet, or failed.
    func anchor(in parent: StoreFolder) throws(Errno) {
        guard !isAnchored.load(ordering: .relaxed) else { return }
        try parent.sync()
        isAnchored.store(true, ordering: .relaxed)
    }

    /// Puts the folder's entries on the disk; a failure is remembered, see `syncAfterFailure`.
    func sync() throws(Errno) {
        isUnsynced.store(true, ordering: .relaxed)
        try Files.sync(number)
        isUnsynced.store(false, ordering: .relaxed)
    }

    /// Tries again what an earlier `sync` did not manage: a caller who repeats a destroy that failed finds no file any more, and must
    /// not be told that all is well while the unlink is not on the disk.
    func syncAfterFailure() throws(Errno) {
        if isUnsynced.load(ordering: .relaxed) { try sync() }
    }
}
