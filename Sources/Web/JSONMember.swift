/// One member of an object, as places in the bytes that were read.
public struct JSONMember: Sendable, Hashable {
    /// The name, its escapes decoded; half of a surrogate pair reads as U+FFFD.
    ///
    /// Compare `name.utf8` where names come from outside: `==` of strings takes a composed and a decomposed é
    /// for one.
    public let name: String

    /// The raw name between its quotes, in the indices of the bytes that were read.
    public let nameRange: Range<Int>

    /// The raw value, without blanks around it, in the indices of the bytes that were read.
    public let valueRange: Range<Int>
}
