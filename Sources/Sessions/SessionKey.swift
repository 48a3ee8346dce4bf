internal import Web

/// The name and the type of a value in a session.
///
/// ```swift
/// extension SessionKey where Value == Int { static let views = SessionKey("views") }
/// session[.views, default: 0] += 1
/// ```
public struct SessionKey<Value: SessionValue>: Sendable {
    /// As it stands in the record, so that other programs that share it find it.
    public let name: String
    /// The name as it stands between the quotes of the record's JSON.
    let bytes: [UInt8]

    /// A key.
    ///
    /// `cookie`, and names that express-session keeps for its own members, are not for values: what is assigned
    /// under them is lost (see `SessionReservedNames`).
    public init(_ name: String) {
        self.name = name
        var quoted: [UInt8] = []
        JSON.appendString(name, to: &quoted)
        bytes = Array(quoted.dropFirst().dropLast())
    }
}
