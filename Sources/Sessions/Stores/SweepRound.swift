internal import Kernel
internal import Web

/// A round of a sweep over all that a store keeps, as far as it has come.
///
/// The walk rests between two names, so a slice may be as short as it likes and still gets on, and the memory is one open folder.
struct SweepRound: ~Copyable, Sendable {
    /// A part of the round: a folder to walk through.
    enum Stage {
        case records(Int)
        /// Files of writers that died, where they are not among the records.
        case leftovers
        /// Entries of the users' index whose record is gone.
        case owners
        /// Entries of the users' index that nothing confirms.
        case users
    }

    private var position = 0
    private(set) var folder: StoreFolder?
    private var names: DirectoryStream?

    func stage(recordFolders: Int) -> Stage? {
        switch position - recordFolders {
        case ..<0: .records(position)
        case 0: .leftovers
        case 1: .owners
        case 2: .users
        default: nil
        }
    }

    /// Whether the walk through the stage's folder has not begun.
    var isAtBeginning: Bool { folder == nil }

    mutating func begin(_ folder: StoreFolder) throws(Errno) {
        names = try DirectoryStream(folder.number)
        self.folder = folder
    }

    /// The next name of the folder; nil at its end.
    mutating func nextName() throws(Errno) -> String? { try names?.next() }

    mutating func endStage() {
        names = nil
        folder = nil
        position += 1
    }
}
