/// Something that happened to a session, told to the middleware's `onEvent` after the store said yes.
public struct SessionEvent: Sendable, Equatable {
    /// What happened.
    public enum Kind: String, Sendable, CaseIterable {
        /// A record was made for a new session, or under a new id.
        case created
        /// A record was destroyed: by `destroy`, `unset`, a new id, or because the user has too many sessions.
        case destroyed
        /// A request brought the cookie of a session that was over.
        case expired
    }

    /// What happened.
    public let kind: Kind
    /// Whose record it was; not a cookie.
    public let key: SessionStoreKey
    /// The user of the session, as far as it is known.
    public let user: String?
}
