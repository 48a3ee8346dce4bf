/// How the session of a request came about.
public enum SessionState: String, Sendable, CaseIterable {
    /// The request brought no cookie of the name.
    case new
    /// The record was found, and is live.
    case loaded
    /// The id is one of ours, but its record had passed a limit.
    case expired
    /// The id is one of ours, but there is no record: the session was ended, or its record was removed.
    case revoked
    /// No cookie of the name was signed by us.
    case tampered
    /// The request lies outside of the cookie's path: there is no session at all.
    case outsidePath
}
