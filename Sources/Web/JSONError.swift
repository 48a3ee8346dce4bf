/// Why bytes are not the JSON that was asked for.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        /// The bytes end inside a value.
        case unexpectedEnd
        /// A byte stands where RFC 8259 allows no such byte, or behind the value.
        case unexpectedByte
        /// A string has a control character, an unknown escape or invalid UTF-8.
        case invalidString
        /// A number has a leading zero, a lone sign or point, or an exponent without digits.
        case invalidNumber
        /// Objects and arrays lie deeper in each other than allowed.
        case tooDeep
        /// An object has a name twice.
        case duplicateName
        /// The value is well-formed so far, but of another kind.
        case wrongKind
    }

    /// What is wrong.
    public let reason: Reason

    /// Where, in bytes from the beginning of what was read.
    public let offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The reason and the place, for logs; nothing of the bytes themselves.
    public var description: String { "JSON: \(reason) at byte \(offset)" }
}
