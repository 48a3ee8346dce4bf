/// The one spelling of an account's name, as it stands in the users' database.
///
/// Only an accounts process makes one, from what was typed; so a session that keeps it never holds a second spelling of the same person.
/// Two names are equal when their bytes are: `String` would call some different bytes equal (Unicode canonical equivalence).
public struct AccountName: Sendable, Hashable, CustomStringConvertible {
    /// The most bytes that a name has: 64 code points of 4 bytes.
    public static let maximumBytes = 256

    /// The name in Unicode form C, 1 to 64 code points, without control or invisible characters and without a colon.
    public let text: String

    /// Takes a spelling that was checked and normalised before.
    package init(canonical text: String) { self.text = text }

    /// The name itself; it may hold any printable character, so it is escaped wherever it goes.
    public var description: String { text }

    /// Compares bytes.
    public static func == (left: AccountName, right: AccountName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}
