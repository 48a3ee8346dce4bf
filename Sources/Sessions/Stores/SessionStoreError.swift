public import Kernel

/// A store that could not do what it was asked, and why; never "there is no such session".
public struct SessionStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The medium failed: an I/O error, no permission, a read-only or missing folder, no descriptors.
        case unavailable
        /// No room: blocks, inodes or quota.
        case full
        /// The session's lock was not had before the deadline.
        case timedOut
        /// The record is larger than the store takes.
        case tooLarge
        /// The store is set up wrongly (owner, permissions, another format); nothing is served from it.
        case misconfigured
    }

    /// What kind of failure it is.
    public let code: Code
    /// The operation and what it worked on, in words, without ids: `replace record in /var/lib/latchkey/sessions`.
    public let context: String
    /// What the kernel said, where it was the kernel.
    public let underlyingError: Errno?

    /// A failure.
    public init(_ code: Code, _ context: String, _ underlyingError: Errno? = nil) {
        self.code = code
        self.context = context
        self.underlyingError = underlyingError
    }

    /// A failure of the kernel's; no space, inodes or quota is `.full`, a passed deadline `.timedOut`, all others `.unavailable`.
    public init(_ context: String, _ errno: Errno) {
        switch errno {
        case .noSpace, .quotaExceeded: self.init(.full, context, errno)
        case .timedOut: self.init(.timedOut, context, errno)
        default: self.init(.unavailable, context, errno)
        }
    }

    /// One line for a log.
    public var description: String {
        underlyingError.map { "\(code.rawValue): \(context): \($0)" } ?? "\(code.rawValue): \(context)"
    }
}
