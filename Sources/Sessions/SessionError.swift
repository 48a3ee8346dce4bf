public import Web

/// Why a request got no session, or its session could not be kept; what the middleware's `onError` turns into an answer.
public struct SessionError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable, Equatable {
        /// The site's options are wrong. 500.
        case options
        /// There is no secret to sign with. 500.
        case secretRequired
        /// The record of the session cannot be read or written. 503.
        case store(SessionStoreError)
        /// The record has no `cookie`; `express` alone. 500.
        case record
        /// Another request changed what this one had read and assigned; with the option `conflict=fail`. 409.
        case conflict
        /// `reload` found no record. 500.
        case reload
        /// An operation on a session that was ended or let go of. 500.
        case noSession
    }

    /// What kind of failure it is.
    public let code: Code
    /// One sentence for people; holds no id and no value.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: SessionStoreError) { self.init(.store(error), "the session store failed") }

    /// The sentence, and for a store what failed there.
    public var description: String {
        if case .store(let error) = code { return "\(message): \(error)" }
        return message
    }

    /// The status that fits: 503 for the store, 409 for a conflict, else 500.
    public var status: HTTPResponse.Status {
        switch code {
        case .store: .serviceUnavailable
        case .conflict: .conflict
        default: .internalServerError
        }
    }
}

extension SessionError {
    /// An option of the program's own is wrong; says so as wrong session options do.
    public init(options message: String) { self.init(.options, message) }
}
