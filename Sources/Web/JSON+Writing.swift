extension JSON {
    /// Appends a string in quotes, escaped as JavaScript's `JSON.stringify` does.
    ///
    /// That is `\"`, `\\`, `\b`, `\f`, `\n`, `\r`, `\t`, and `\u00xx` in small letters for the other
    /// controls; `/`, DEL and all beyond ASCII stay as they are.
    public static func appendString(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 { appendEscaped(byte, to: &bytes) }
        bytes.append(0x22)
    }

    /// Appends a whole number.
    public static func appendInteger(_ value: Int64, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(0x2D) }
        bytes.appendDecimal(value.magnitude)
    }

    /// Appends a number as JavaScript prints it: `1`, `0.1`, `1e+21`, `1e-7` (ECMAScript, Number::toString).
    ///
    /// Negative zero is `0`. What is not finite is `null`, as in `JSON.stringify`.
    public static func appendNumber(_ value: Double, to bytes: inout [UInt8]) {
        guard value.isFinite else { return bytes.append("null") }
        if value.magnitude < 0x1p53, let whole = whole(value) {
            return appendInteger(whole, to: &bytes)
        }
        if value < 0 { bytes.append(0x2D) }
        // The description has the fewest digits that give the same number back; so has JavaScript. Only the
        // layout differs.
        var digits: [UInt8] = []
        var exponent = 0
        var behindPoint = false
        var text = value.magnitude.description.utf8[...]
        while let byte = text.popFirst() {
            if byte == 0x65 {
                exponent += Int(Substring(text)) ?? 0
                break
            }
            if byte == 0x2E {
                behindPoint = true
            } else {
                digits.append(byte)
                if behindPoint { exponent -= 1 }
            }
        }
        while digits.count > 1, digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        let zeros = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(min(zeros, digits.count - 1))
        append(digits: digits, point: digits.count + exponent, to: &bytes)
    }

    /// The number as `Int64`, or nil when it has a fraction or is too large.
    ///
    /// Not `Int64(exactly:)`, which needs libm's trunc when it is optimised, and nothing here links libm.
    static func whole(_ value: Double) -> Int64? {
        guard value >= -0x1p63, value < 0x1p63 else { return nil }
        let whole = Int64(value)
        return Double(whole) == value ? whole : nil
    }

    /// Digits `d₁d₂…` of the number 0.d₁d₂… × 10^point.
    private static func append(digits: [UInt8], point: Int, to bytes: inout [UInt8]) {
        switch point {
        case digits.count...max(digits.count, 21) where point <= 21:
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: repeatElement(0x30, count: point - digits.count))
        case 1...21:
            bytes.append(contentsOf: digits[..<point])
            bytes.append(0x2E)
            bytes.append(contentsOf: digits[point...])
        case -5...0:
            bytes.append("0.")
            bytes.append(contentsOf: repeatElement(0x30, count: -point))
            bytes.append(contentsOf: digits)
        default:
            bytes.append(contentsOf: digits.prefix(1))
            if digits.count > 1 {
                bytes.append(0x2E)
                bytes.append(contentsOf: digits[1...])
            }
            bytes.append(0x65)
            bytes.append(point > 0 ? 0x2B : 0x2D)
            bytes.appendDecimal(UInt64((point - 1).magnitude))
        }
    }

    static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case 0x22: bytes.append(#"\""#)
        case 0x5C: bytes.append(#"\\"#)
        case 0x20...: bytes.append(byte)
        case 0x08: bytes.append(#"\b"#)
        case 0x09: bytes.append(#"\t"#)
        case 0x0A: bytes.append(#"\n"#)
        case 0x0C: bytes.append(#"\f"#)
        case 0x0D: bytes.append(#"\r"#)
        default: appendUnit(UInt16(byte), to: &bytes)
        }
    }

    /// `\uxxxx` in small letters.
    static func appendUnit(_ unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(#"\u"#)
        bytes.append(.lowercaseHexadecimal(UInt8(truncatingIfNeeded: unit >> 12)))
        bytes.append(.lowercaseHexadecimal(UInt8(truncatingIfNeeded: unit >> 8)))
        bytes.append(.lowercaseHexadecimal(UInt8(truncatingIfNeeded: unit >> 4)))
        bytes.append(.lowercaseHexadecimal(UInt8(truncatingIfNeeded: unit)))
    }
}
