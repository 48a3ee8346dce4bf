public import Kernel

/// Why a socket cannot be listened on.
public struct ListeningSocketError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What stands in the way.
    public enum Reason: Sendable, Equatable {
        /// The path has more than the 107 bytes of unix(7).
        case tooLong
        /// Another process serves it.
        case alreadyServed
        /// Something that is not a socket has this name, and it is left alone.
        case notSocket
        /// The system refused this step.
        case system(String, Errno)
        /// What the environment says of passed descriptors is wrong.
        case inheritance(String)
    }

    /// The socket's path; for a passed one, the variable that named it.
    public let path: String
    /// What stands in the way.
    public let reason: Reason

    init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// One sentence with the path and the way out.
    public var description: String {
        switch reason {
        case .tooLong:
            "\(path) has \(path.utf8.count) bytes, a unix socket's path at most 107: choose a shorter one"
        case .alreadyServed:
            "\(path) is already served by another process: stop that one, or choose another path"
        case .notSocket: "\(path) exists and is not a socket: move it away, or choose another path"
        case .system(let step, let errno): "\(path): \(step): \(errno)"
        case .inheritance(let text): "\(path): \(text)"
        }
    }
}
