/// What a request carries.
public enum HTTPBody: Sendable {
    /// Nothing, and no length is told.
    case none
    /// So many bytes, their number told first.
    case bytes([UInt8])
    /// Chunks, one after the other (RFC 9112, section 7.1).
    case chunks([[UInt8]])

    /// Fields of a form, url-encoded.
    public static func form(_ fields: [(String, String)]) -> HTTPBody {
        .bytes(Array(fields.map { encoded($0.0) + "=" + encoded($0.1) }.joined(separator: "&").utf8))
    }

    /// Percent-encodes everything but letters, digits, `-`, `.`, `_` and `~`.
    public static func encoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
