internal import AccountsClient

/// Text from outside as it may stand in a log line: printable ASCII, everything else escaped, cut after about 80 characters.
///
/// So nobody can end a line, forge another, move a cursor or turn the direction of writing with a name.
struct LoggedText: CustomStringConvertible {
    let description: String

    init(_ bytes: some Collection<UInt8>, limit: Int = 80) {
        var text = ""
        for byte in bytes {
            if text.utf8.count >= limit {
                text += "..."
                break
            }
            switch byte {
            case 0x22, 0x5C, 0x3D: text += Self.escaped(byte)
            case 0x21...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += Self.escaped(byte)
            }
        }
        description = text
    }

    init(_ name: AccountName) { self.init(name.text.utf8) }

    private static func escaped(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.utf8.count == 1 ? "0" + digits : digits)
    }
}
