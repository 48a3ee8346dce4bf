/// What one client can be told apart by: an IPv4 address, or the 64 bits of an IPv6 network, in which a client chooses the rest as it likes.
struct ClientNetwork: Sendable, Hashable {
    /// `192.0.2.7`, or `2001:db8:0:1::/64`.
    let text: String

    /// Reads nginx's `$remote_addr`.
    ///
    /// - Returns: nil for `unix:`, nothing, and whatever is not an address: it is nobody's in particular, so nothing is counted by it.
    init?(address: [UInt8]) {
        if let four = Self.four(address[...]) {
            text = four.map(String.init).joined(separator: ".")
        } else if let words = Self.six(address[...]) {
            // ::ffff:192.0.2.7 is an IPv4 client at a socket for both (RFC 4291 section 2.5.5.2).
            if words[0..<5].allSatisfy({ $0 == 0 }), words[5] == 0xFFFF {
                text = [words[6] >> 8, words[6] & 0xFF, words[7] >> 8, words[7] & 0xFF].map { "\($0)" }
                    .joined(
                        separator: "."
                    )
            } else {
                text = words[0..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
            }
        } else {
            return nil
        }
    }

    private static func four(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var numbers: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt8(exactly: part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    private static func six(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        guard (2...45).contains(bytes.count) else { return nil }
        var before: [UInt16] = []
        var after: [UInt16]?
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (3...9).contains(parts.count) else { return nil }
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                // At an end, an empty part is half of "::"; inside, it is "::" itself, which may stand once.
                if index == 0, parts[1].isEmpty { continue }
                if index == parts.count - 1, parts[index - 1].isEmpty, after != nil { continue }
                guard after == nil, index > 0, index < parts.count - 1 || parts[index - 1].isEmpty else {
                    return nil
                }
                after = []
                continue
            }
            var words: [UInt16] = []
            if index == parts.count - 1, let four = four(part) {
                words = [UInt16(four[0]) << 8 | UInt16(four[1]), UInt16(four[2]) << 8 | UInt16(four[3])]
            } else if let word = word(part) {
                words = [word]
            } else {
                return nil
            }
            if after == nil { before += words } else { after? += words }
        }
        guard let after else { return before.count == 8 ? before : nil }
        let missing = 8 - before.count - after.count
        return missing >= 1 ? before + [UInt16](repeating: 0, count: missing) + after : nil
    }

    private static func word(_ part: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(part.count) else { return nil }
        var value: UInt16 = 0
        for byte in part {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt16(byte - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }
}
