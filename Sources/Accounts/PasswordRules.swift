public import AccountsClient

/// What a new password must be; asked where one is set, never where one is verified.
///
/// After NIST SP 800-63B-4 section 3.1.1.2: length counts, in code points; no rules of composition.
public struct PasswordRules: Sendable, Hashable {
    /// What the rules say of a password.
    public enum Verdict: Sendable, Hashable {
        /// Good.
        case accepted
        /// Taken, but say this: a sentence without the password.
        case weak(String)
        /// Not taken, because of this: a sentence without the password.
        case refused(String)
    }

    /// The fewest code points that are taken; 8 is ASVS 5.0's (6.2.1).
    public var minimum: Int
    /// Fewer than these are taken with a warning; 15 is NIST's for a password without a second factor.
    public var recommended: Int

    /// Rules with these two lengths.
    public init(minimum: Int = 8, recommended: Int = 15) {
        self.minimum = minimum
        self.recommended = recommended
    }

    /// Judges a new password for an account.
    public func verdict(on password: Password, for name: AccountName) -> Verdict {
        if password.characters == 0 { return .refused("The password is not UTF-8 text.") }
        if password.hasControls {
            return .refused("The password has a control character in it, which a form cannot send.")
        }
        if password.characters < minimum {
            return .refused(
                "The password has \(password.characters) characters; at least \(minimum) are needed."
            )
        }
        if password.equals(name.text) { return .refused("The password is the name.") }
        if password.characters < recommended {
            return .weak(
                "The password has \(password.characters) characters; \(recommended) or more are recommended where no second factor is asked."
            )
        }
        return .accepted
    }
}
