public import AccountsClient

/// An account as it stands in the users' database.
public struct UserAccount: Sendable, Hashable {
    /// Its name.
    public let name: AccountName
    /// Its password's hash.
    public let hash: StoredHash
    /// When it was added, in milliseconds since 1970.
    public let created: Int64
    /// When the password was last set, in milliseconds since 1970; an upgrade of the hash is not a new password.
    public let passwordChanged: Int64
    /// Whether it may not sign in.
    public let isDisabled: Bool
    /// A number that grows whenever all its sessions must end (new password, disabled).
    ///
    /// A later account of the same name starts higher.
    public let epoch: Int64
    /// Failed tries since the last success, from devices that are not known.
    public let failures: Failures
}
