/// Percent-encoding over bytes (RFC 3986, section 2.1).
public enum PercentEncoding {
    /// The decoded bytes, or nil when a `%` is not followed by two hexadecimal digits.
    ///
    /// With `plusIsSpace` a `+` is a space, as in forms. What comes out may be anything, NUL and invalid
    /// UTF-8 included.
    public static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
        var decoded: [UInt8] = []
        return decode(bytes, plusIsSpace: plusIsSpace, into: &decoded) ? decoded : nil
    }

    /// Appends the decoded bytes; false when the encoding is malformed, and then nothing has been appended.
    public static func decode(
        _ bytes: ArraySlice<UInt8>,
        plusIsSpace: Bool = false,
        into output: inout [UInt8]
    ) -> Bool {
        let start = output.count
        output.reserveCapacity(start + bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case 0x25:
                guard bytes.endIndex - index > 2,
                    let high = bytes[index + 1].hexadecimalValue,
                    let low = bytes[index + 2].hexadecimalValue
                else {
                    output.removeSubrange(start...)
                    return false
                }
                output.append(high << 4 | low)
                index += 3
            case 0x2B where plusIsSpace:
                output.append(0x20)
                index += 1
            case let byte:
                output.append(byte)
                index += 1
            }
        }
        return true
    }

    /// What JavaScript's `decodeURIComponent` gives, or the bytes themselves where that throws.
    ///
    /// It throws on a malformed `%` and on what does not decode to UTF-8. Nothing is copied when there is no
    /// `%`.
    public static func decodeLeniently(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.contains(0x25), let decoded = decode(bytes),
            String(validating: decoded, as: UTF8.self) != nil
        else { return bytes }
        return decoded[...]
    }

    /// Appends what JavaScript's `encodeURIComponent` gives.
    ///
    /// All but `A-Z a-z 0-9 - _ . ! ~ * ' ( )` becomes `%XX`, in capitals.
    public static func encodeURIComponent(_ bytes: [UInt8], to output: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x21, 0x27...0x2A, 0x2D, 0x2E, 0x5F, 0x7E:
                output.append(byte)
            default:
                appendEncoded(byte, to: &output)
            }
        }
    }

    /// What JavaScript's `encodeURIComponent` gives for a text.
    public static func encodeURIComponent(_ text: String) -> String {
        var output: [UInt8] = []
        encodeURIComponent(Array(text.utf8), to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static func appendEncoded(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(0x25)
        output.append(.uppercaseHexadecimal(byte >> 4))
        output.append(.uppercaseHexadecimal(byte))
    }
}
