extension JSONScanner {
    /// A string with its quotes; tells whether it has escapes.
    ///
    /// Halves of surrogate pairs are let through.
    static func skipString(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) -> Bool {
        guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: place) }
        guard bytes[place] == 0x22 else { throw JSONError(.unexpectedByte, at: place) }
        place += 1
        var hasEscapes = false
        while place < bytes.count {
            switch bytes[place] {
            case 0x22:
                place += 1
                return hasEscapes
            case 0x5C:
                hasEscapes = true
                try skipEscape(bytes, &place)
            case 0x20...0x7F: place += 1
            case 0x80...0xFF: try skipScalarBytes(bytes, &place)
            default: throw JSONError(.invalidString, at: place)
            }
        }
        throw JSONError(.unexpectedEnd, at: place)
    }

    private static func skipEscape(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        guard place + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        switch bytes[place + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: place += 2
        case 0x75:
            guard place + 5 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
            guard codeUnit(bytes, place) != nil else { throw JSONError(.invalidString, at: place) }
            place += 6
        default: throw JSONError(.invalidString, at: place + 1)
        }
    }

    /// The code unit of the `\uXXXX` that begins at `place`, or nil when none does.
    static func codeUnit(_ bytes: Span<UInt8>, _ place: Int) -> UInt16? {
        guard place + 5 < bytes.count, bytes[place] == 0x5C, bytes[place + 1] == 0x75 else { return nil }
        var unit: UInt16 = 0
        for index in place + 2...place + 5 {
            guard let digit = bytes[index].hexadecimalValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// One scalar beyond ASCII, in its only well-formed spelling (RFC 3629, section 4).
    private static func skipScalarBytes(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        let length: Int
        let second: ClosedRange<UInt8>
        switch bytes[place] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidString, at: place)
        }
        guard place + length <= bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        guard second ~= bytes[place + 1] else { throw JSONError(.invalidString, at: place) }
        for index in place + 2..<place + max(length, 2) where bytes[index] & 0xC0 != 0x80 {
            throw JSONError(.invalidString, at: place)
        }
        place += length
    }
}
