/// Who signed in.
public struct VerifiedAccount: Sendable, Hashable {
    /// The spelling to keep in the session and to show; what was typed may have been another form of it.
    public let name: AccountName
    /// A number that grows when all sessions of the account must end (password changed, disabled); keep it in the session to compare later.
    public let epoch: Int64

    /// An account that was verified; made by the accounts process, and by tests of who asks it.
    package init(name: AccountName, epoch: Int64) {
        self.name = name
        self.epoch = epoch
    }
}
