/// What may be asked of an accounts process; there is nothing else.
package enum AccountsQuestion: Sendable, Equatable {
    /// Is this the password of this name?
    case verify(LoginAttempt)
}

/// A name and a password as they were typed, and where they came from.
package struct LoginAttempt: Sendable, Equatable {
    /// What was typed, not checked, up to `AccountsWireFormat.maximumNameBytes` of it.
    package var name: [UInt8]
    /// What was typed, up to `AccountsWireFormat.maximumPasswordBytes` of it; whoever holds it wipes it.
    package var password: [UInt8]
    /// The client's address in nginx's spelling; empty when it is not known.
    package var address: [UInt8]
    /// Whether the browser proved (by a token that the worker checked) that this account signed in from it before.
    package var knownDevice: Bool

    package init(name: [UInt8], password: [UInt8], address: [UInt8], knownDevice: Bool) {
        self.name = name
        self.password = password
        self.address = address
        self.knownDevice = knownDevice
    }
}
