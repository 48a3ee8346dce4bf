/// What an accounts process answers.
package enum AccountsAnswer: Sendable, Equatable {
    /// It looked, and this is what it found.
    case verification(Verification)
    /// It cannot look now; the reason is printable ASCII of at most `AccountsWireFormat.maximumReasonBytes`.
    case unavailable(String)
}
