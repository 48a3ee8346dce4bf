extension JSON {
    /// What kind of value begins here, told by its first byte alone; nil when none does.
    public static func kind(of raw: ArraySlice<UInt8>) -> Kind? {
        var place = 0
        let span = raw.span
        JSONScanner.skipBlanks(span, &place)
        guard place < span.count else { return nil }
        return switch span[place] {
        case 0x7B: .object
        case 0x5B: .array
        case 0x22: .string
        case 0x2D, 0x30...0x39: .number
        case 0x74, 0x66: .boolean
        case 0x6E: .null
        default: nil
        }
    }

    /// Whether the bytes are `null`; no blanks around it, as in all of the readers below.
    public static func isNull(_ raw: ArraySlice<UInt8>) -> Bool {
        raw.equals("null")
    }

    /// `true` or `false`, or nil when the bytes are anything else.
    public static func boolean(_ raw: ArraySlice<UInt8>) -> Bool? {
        if raw.equals("true") { return true }
        return raw.equals("false") ? false : nil
    }

    /// A whole number, however it is spelt, or nil when the bytes are anything else or too much for `Int64`.
    ///
    /// `1`, `1.0` and `1e3` are whole numbers, `1.5` is none. Digits alone are read exactly; with a point or
    /// an exponent the number goes through `Double`, as in JavaScript.
    public static func integer(_ raw: ArraySlice<UInt8>) -> Int64? {
        guard isNumber(raw) else { return nil }
        let isNegative = raw.first == 0x2D
        var value: Int64 = 0
        for byte in isNegative ? raw.dropFirst() : raw {
            guard byte.isDigit else {
                return number(raw).flatMap(whole)
            }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte &- 0x30)
            let (sum, carry) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// The nearest `Double`, or nil when the bytes are no number or one that is too large (`1e999`).
    public static func number(_ raw: ArraySlice<UInt8>) -> Double? {
        guard isNumber(raw), let value = Double(String(decoding: raw, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }

    /// A string with its escapes decoded, or nil when the bytes are anything else.
    ///
    /// Half of a surrogate pair becomes U+FFFD.
    public static func string(_ raw: ArraySlice<UInt8>) -> String? {
        let span = raw.span
        var place = 0
        do {
            let hasEscapes = try JSONScanner.skipString(span, &place)
            guard place == span.count else { return nil }
            return hasEscapes
                ? String(decoding: decoded(span, 1), as: UTF8.self)
                : String(decoding: raw.dropFirst().dropLast(), as: UTF8.self)
        } catch {
            return nil
        }
    }

    private static func isNumber(_ raw: ArraySlice<UInt8>) -> Bool {
        let span = raw.span
        var place = 0
        do {
            try JSONScanner.skipNumber(span, &place)
            return place == span.count
        } catch {
            return false
        }
    }

    /// The UTF-8 of a checked string from behind its opening quote to the closing one.
    static func decoded(_ span: Span<UInt8>, _ start: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var place = start
        while let scalar = nextScalar(span, &place) {
            let scalar = Unicode.Scalar(scalar) ?? "\u{FFFD}"
            bytes.append(contentsOf: Unicode.UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
        }
        return bytes
    }

    /// The next scalar of a checked string, half of a surrogate pair as itself; nil at the closing quote.
    static func nextScalar(_ span: Span<UInt8>, _ place: inout Int) -> UInt32? {
        guard place < span.count else { return nil }
        let first = span[place]
        switch first {
        case 0x22: return nil
        case 0x5C: return nextEscape(span, &place)
        case 0..<0x80:
            place += 1
            return UInt32(first)
        default:
            let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            var scalar = UInt32(first) & (0x7F >> UInt32(length))
            for index in place + 1..<min(place + length, span.count) {
                scalar = scalar << 6 | UInt32(span[index] & 0x3F)
            }
            place += length
            return scalar
        }
    }

    private static func nextEscape(_ span: Span<UInt8>, _ place: inout Int) -> UInt32? {
        guard let unit = JSONScanner.codeUnit(span, place) else {
            guard place + 1 < span.count else { return nil }
            let letter = span[place + 1]
            place += 2
            return switch letter {
            case 0x62: 0x08
            case 0x66: 0x0C
            case 0x6E: 0x0A
            case 0x72: 0x0D
            case 0x74: 0x09
            default: UInt32(letter)
            }
        }
        place += 6
        if unit & 0xFC00 == 0xD800, let low = JSONScanner.codeUnit(span, place), low & 0xFC00 == 0xDC00 {
            place += 6
            return 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
        }
        return UInt32(unit)
    }
}
