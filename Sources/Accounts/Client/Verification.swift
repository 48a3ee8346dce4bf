/// What the accounts process says to a name and a password.
///
/// A name that does not exist, a wrong password and a disabled account are all `rejected`, after the same work.
public enum Verification: Sendable, Hashable {
    /// The password is right.
    case accepted(VerifiedAccount)
    /// Name or password are wrong; which of them is not said.
    case rejected
    /// Too many failures on this account or from this address: nothing was verified. Seconds are 1 or more, for `Retry-After`.
    case held(retryAfterSeconds: Int)
    /// Too many logins at this moment: nothing was verified or counted. Seconds are 1 or more, for `Retry-After`.
    case busy(retryAfterSeconds: Int)
}
