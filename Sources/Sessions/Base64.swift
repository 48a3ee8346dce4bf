/// Base64 without padding (RFC 4648, sections 4 and 5).
enum Base64 {
    enum Alphabet {
        case standard, urlSafe
    }

    static func append(_ bytes: some Collection<UInt8>, _ alphabet: Alphabet, to output: inout [UInt8]) {
        var window: UInt32 = 0
        var bits = 0
        for byte in bytes {
            window = window << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                output.append(digit(UInt8(truncatingIfNeeded: window >> UInt32(bits)) & 63, alphabet))
            }
        }
        if bits > 0 {
            output.append(digit(UInt8(truncatingIfNeeded: window << UInt32(6 - bits)) & 63, alphabet))
        }
    }

    private static func digit(_ value: UInt8, _ alphabet: Alphabet) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: alphabet == .standard ? "+" : "-")
        default: UInt8(ascii: alphabet == .standard ? "/" : "_")
        }
    }
}
