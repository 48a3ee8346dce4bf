extension UInt8 {
    /// `tchar` of RFC 9110, section 5.6.2: what methods, field names and cookie names are made of.
    var isToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    var isDigit: Bool { self &- 0x30 < 10 }

    var isControl: Bool { self < 0x20 || self == 0x7F }

    /// Space or horizontal tab: `OWS` of RFC 9110, section 5.6.3.
    var isBlank: Bool { self == 0x20 || self == 0x09 }

    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit of either case, or nil.
    var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self &- 0x30
        case 0x41...0x46: self &- 0x37
        case 0x61...0x66: self &- 0x57
        default: nil
        }
    }

    /// The digit of `value & 15`, in capitals, as RFC 3986 asks of percent-encoding.
    static func uppercaseHexadecimal(_ value: UInt8) -> UInt8 {
        let digit = value & 15
        return digit < 10 ? 0x30 &+ digit : 0x37 &+ digit
    }

    /// The digit of `value & 15`, in small letters, as JavaScript writes its escapes.
    static func lowercaseHexadecimal(_ value: UInt8) -> UInt8 {
        let digit = value & 15
        return digit < 10 ? 0x30 &+ digit : 0x57 &+ digit
    }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are exactly those of `text`.
    func equals(_ text: StaticString) -> Bool {
        // Safe because the buffer is a literal's, which lives as long as the program, and is only read.
        text.withUTF8Buffer { wanted in
            guard count == wanted.count else { return false }
            for offset in 0..<count where unsafe self[startIndex + offset] != wanted[offset] { return false }
            return true
        }
    }

    /// Without the spaces and tabs at both ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = self
        while let byte = slice.first, byte.isBlank { slice.removeFirst() }
        while let byte = slice.last, byte.isBlank { slice.removeLast() }
        return slice
    }

    /// Whether the bytes are those of `text`, letters of either case; `text` is given in small letters.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        // Safe because the buffer is a literal's, which lives as long as the program, and is only read.
        text.withUTF8Buffer { wanted in
            guard count == wanted.count else { return false }
            for offset in 0..<count where unsafe self[startIndex + offset].lowercased != wanted[offset] {
                return false
            }
            return true
        }
    }

    /// A decimal number without sign, or nil when there is anything else, nothing, or too much for `Int`.
    var decimal: Int? {
        guard !isEmpty else { return nil }
        var value = 0
        for byte in self {
            guard byte.isDigit else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte &- 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}

extension [UInt8] {
    /// Appends a literal without building a `String`.
    mutating func append(_ text: StaticString) {
        // Safe because the buffer is a literal's, which lives as long as the program, and is only read.
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    /// Appends a whole number, at least `width` digits long, with zeros in front.
    mutating func appendDecimal(_ value: UInt64, width: Int = 1) {
        var digits = 1
        var unit: UInt64 = 1
        while digits < 20, value / unit >= 10 {
            unit *= 10
            digits += 1
        }
        while digits < width {
            append(0x30)
            digits += 1
        }
        while unit > 0 {
            append(0x30 &+ UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes of `range` are exactly those of `text`.
    func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        // Safe because the pointer is a literal's, and the offset is below its count.
        for offset in 0..<range.count where unsafe self[range.lowerBound + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }
}
