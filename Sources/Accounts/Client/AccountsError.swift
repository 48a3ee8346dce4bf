public import Kernel

/// The accounts process could not be asked, or could not answer; nothing is known about the password.
///
/// A server answers 503: never "wrong password", which would be a lie.
public struct AccountsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What failed.
    public enum Reason: Hashable, Sendable {
        /// Nobody listens there; known at once.
        case notRunning(Errno)
        /// No complete answer within the client's time.
        case noAnswer(milliseconds: Int64)
        /// The connection broke.
        case broken(Errno)
        /// The process closed without an answer: it was stopped, or does not let this user ask.
        case closed
        /// The answer is not of this version's format, as in the middle of an upgrade.
        case unreadableAnswer
        /// The process answered that it cannot verify now, with its reason in printable ASCII.
        case refused(String)
    }

    /// Where the process was asked.
    public let socketPath: String
    /// What failed.
    public let reason: Reason

    /// An error met at a socket.
    public init(socketPath: String, reason: Reason) {
        self.socketPath = socketPath
        self.reason = reason
    }

    /// What, where and why, and what to look at; fit for one log line.
    public var description: String {
        let what =
            switch reason {
            case .notRunning(let errno): "nobody listens: \(errno); is the accounts process running?"
            case .noAnswer(let milliseconds): "no answer within \(milliseconds) ms"
            case .broken(let errno): "the connection broke: \(errno)"
            case .closed: "it closed without an answer; it may be stopping, or not let this user ask"
            case .unreadableAnswer:
                "an answer of another version; are worker and accounts process of one release?"
            case .refused(let why): "it cannot verify now: \(why)"
            }
        return "cannot ask the accounts process at \(socketPath): \(what)"
    }
}
