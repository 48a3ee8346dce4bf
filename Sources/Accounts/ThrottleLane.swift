internal import AccountsClient

/// What failures are counted by.
struct ThrottleLane: Sendable, Hashable {
    enum Kind: String, Sendable {
        /// Tries on a name, from devices that are not known.
        case account
        /// Tries on a name, from devices that its owner signed in from before.
        case device
        /// Tries from a client's address.
        case address
    }

    let kind: Kind
    /// 32 hexadecimal digits: what was typed as a name may have been a password, so it is not kept.
    let key: String
    /// What an operator is shown; only of addresses.
    let label: String?

    static func key(of name: AccountName) -> String { Sodium.digest(Array(name.text.utf8)) }

    /// The lanes that a try is counted in.
    ///
    /// What cannot be a name has a lane too, so that it is answered as any unknown name is. A known device is counted by itself alone:
    /// neither tries of strangers nor others at its address keep it out, and its tries do not open their lanes.
    static func lanes(of attempt: LoginAttempt, name: AccountName?) -> [ThrottleLane] {
        let key = name.map(key(of:)) ?? Sodium.digest(attempt.name)
        if attempt.knownDevice { return [ThrottleLane(kind: .device, key: key, label: nil)] }
        var lanes = [ThrottleLane(kind: .account, key: key, label: nil)]
        if let network = ClientNetwork(address: attempt.address) {
            lanes.append(
                ThrottleLane(
                    kind: .address,
                    key: Sodium.digest(Array(network.text.utf8)),
                    label: network.text
                )
            )
        }
        return lanes
    }
}
