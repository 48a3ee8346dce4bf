/// What stands in the database as an account's hash.
public enum StoredHash: Sendable, Hashable, CustomStringConvertible {
    /// One of ours.
    case argon2id(PasswordHash)
    /// Text that cannot be verified here, with the reason: nobody signs in with it until a password is set.
    case unusable(String)

    init(parsing text: String) {
        do { self = .argon2id(try PasswordHash(parsing: text)) } catch { self = .unusable(error.why) }
    }

    /// Kind and cost, never the hash: `argon2id m=19456,t=2`.
    public var description: String {
        switch self {
        case .argon2id(let hash): "argon2id \(hash.cost)"
        case .unusable(let why): "unusable (\(why))"
        }
    }
}
