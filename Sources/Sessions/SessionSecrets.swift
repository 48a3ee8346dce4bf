/// The secrets that sign cookies, newest first: the first signs, all verify.
///
/// Prints as nothing, so that it cannot reach a log.
public struct SessionSecrets: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// What is wrong with a list of secrets.
    public enum Failure: Error, Sendable, Equatable {
        /// The list is empty.
        case none
        /// The secret at this place of the list has fewer bytes than asked for.
        case tooShort(index: Int, bytes: Int, minimum: Int)
        /// More than `SessionSecrets.maximumCount`.
        case tooMany(Int)
    }

    /// How many secrets a list may have; each costs a hash for every cookie that is not ours.
    public static let maximumCount = 8

    let secrets: [[UInt8]]

    /// Takes secrets, newest first.
    ///
    /// - Parameters:
    ///   - secrets: bytes of any kind; HMAC-SHA256 gains nothing from more than 64.
    ///   - minimumBytes: what the shortest may have. 32 is the length of the signature; fewer only to share cookies with a program
    ///     that has a shorter one already.
    /// - Throws: `Failure`.
    public init(_ secrets: [[UInt8]], minimumBytes: Int = 32) throws(Failure) {
        guard !secrets.isEmpty else { throw .none }
        guard secrets.count <= SessionSecrets.maximumCount else { throw .tooMany(secrets.count) }
        for (index, secret) in secrets.enumerated() where secret.count < minimumBytes {
            throw .tooShort(index: index, bytes: secret.count, minimum: minimumBytes)
        }
        self.secrets = secrets
    }

    /// The number of secrets, nothing else.
    public var description: String { "SessionSecrets(\(secrets.count))" }
    /// The number of secrets, nothing else.
    public var debugDescription: String { description }
    /// No children.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
