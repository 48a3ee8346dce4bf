public import AccountsClient
public import Kernel

/// The users' database could not do what was asked, and did nothing.
public struct UserDatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// There is an account of this very name.
        case nameTaken(AccountName)
        /// There is an account whose name people would take for this one (`existing`).
        case twin(AccountName, existing: AccountName)
        /// There is no account of this name.
        case noSuchAccount(AccountName)
        /// The database is not there, and was not to be made.
        case missing
        /// The file or its folder is not safe to use; a sentence that says what to change.
        case unsafe(String)
        /// Another file stands under the name than the one that is open.
        case replaced
        /// A system call on the file or folder failed.
        case system(Errno)
        /// Another process wrote for longer than the busy timeout.
        case busy
        /// No space left for a write.
        case full
        /// The file is not a users' database, or it is damaged; SQLite's words.
        case damaged(String)
        /// The file was made by a newer release; its version.
        case newer(Int)
        /// It can be read but not written; SQLite's words.
        case notWritable(String)
        /// Anything else; SQLite's words.
        case failed(String)
    }

    /// The database's file.
    public let path: String
    /// What went wrong.
    public let reason: Reason

    /// An error at a file.
    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// What, where and why in one sentence; names in it are as they are, so escape it for a log.
    public var description: String {
        switch reason {
        case .nameTaken(let name): "there is an account \(name) already in \(path)"
        case .twin(let name, let existing):
            "the name \(name) looks like that of the account \(existing) in \(path); two such names are not allowed"
        case .noSuchAccount(let name): "there is no account \(name) in \(path)"
        case .missing: "there is no users' database at \(path); `latchkey user add` makes one"
        case .unsafe(let what): "\(path) is not safe to use: \(what)"
        case .replaced:
            "\(path) was replaced while it was open; stop Latchkey, remove \(path)-wal and \(path)-shm unless they came with the new file, and start it again"
        case .system(let errno): "\(path): \(errno)"
        case .busy: "\(path) is being written by another process; try again"
        case .full: "no space left on the disk of \(path)"
        case .damaged(let words): "\(path) is damaged or not a users' database (\(words)); restore a copy"
        case .newer(let version):
            "\(path) has version \(version), made by a newer release; this one knows up to \(UserDatabase.version)"
        case .notWritable(let words): "\(path) cannot be written: \(words)"
        case .failed(let words): "\(path): \(words)"
        }
    }
}
