/// An address that tries failed from.
public struct CountedAddress: Sendable, Hashable {
    /// `192.0.2.7`, or the network of an IPv6 address, `2001:db8:0:1::/64`.
    public let network: String
    /// What is counted; `ThrottlePolicy.address` says whether it is held by now.
    public let failures: Failures
}
