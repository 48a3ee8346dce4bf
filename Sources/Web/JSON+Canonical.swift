extension JSON {
    /// What `JSON.stringify(JSON.parse(x))` gives in JavaScript, byte for byte.
    ///
    /// Blanks go; numbers go through `Double` (`1e999` becomes `null`); strings are escaped anew, halves of
    /// surrogate pairs as `\udxxx`; of members with one name the last value stays, in the place of the first;
    /// names that are whole numbers up to 4294967294 come first, in rising order.
    public static func canonicalise(
        _ bytes: ArraySlice<UInt8>,
        maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) -> [UInt8] {
        try validate(bytes, maximumDepth: maximumDepth)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        let span = bytes.span
        var place = 0
        appendCanonicalValue(span, &place, to: &output)
        return output
    }

    /// One checked value; recursion is bounded by the check, at most 64 deep.
    private static func appendCanonicalValue(
        _ span: Span<UInt8>,
        _ place: inout Int,
        to output: inout [UInt8]
    ) {
        JSONScanner.skipBlanks(span, &place)
        guard place < span.count else { return }
        switch span[place] {
        case 0x7B: appendCanonicalObject(span, &place, to: &output)
        case 0x5B: appendCanonicalArray(span, &place, to: &output)
        case 0x22:
            place += 1
            appendCanonicalString(span, &place, to: &output)
        case 0x2D, 0x30...0x39: appendCanonicalNumber(span, &place, to: &output)
        default:
            while place < span.count, span[place] &- 0x61 < 26 {
                output.append(span[place])
                place += 1
            }
        }
    }

    private static func appendCanonicalNumber(
        _ span: Span<UInt8>,
        _ place: inout Int,
        to output: inout [UInt8]
    ) {
        let start = output.count
        var isPlain = true
        scan: while place < span.count {
            switch span[place] {
            case 0x30...0x39: break
            case 0x2B, 0x2D, 0x2E, 0x45, 0x65: isPlain = false
            default: break scan
            }
            output.append(span[place])
            place += 1
        }
        // Up to 15 digits are the same before and after Double.
        guard !isPlain || output.count - start > 15 else { return }
        let number = Double(String(decoding: output[start...], as: UTF8.self))
        output.removeSubrange(start...)
        appendNumber(number ?? .nan, to: &output)
    }

    private static func appendCanonicalArray(
        _ span: Span<UInt8>,
        _ place: inout Int,
        to output: inout [UInt8]
    ) {
        output.append(0x5B)
        place += 1
        var isFirst = true
        while !isClosed(span, &place, 0x5D) {
            if !isFirst { output.append(0x2C) }
            isFirst = false
            appendCanonicalValue(span, &place, to: &output)
        }
        output.append(0x5D)
    }

    private static func appendCanonicalObject(
        _ span: Span<UInt8>,
        _ place: inout Int,
        to output: inout [UInt8]
    ) {
        let start = output.count
        output.append(0x7B)
        place += 1
        var members = CanonicalMembers()
        while !isClosed(span, &place, 0x7D) {
            if output.count > start + 1 { output.append(0x2C) }
            let name = output.count
            place += 1
            appendCanonicalString(span, &place, to: &output)
            let colon = output.count
            JSONScanner.skipBlanks(span, &place)
            place += 1
            output.append(0x3A)
            appendCanonicalValue(span, &place, to: &output)
            members.append(name: name..<colon, value: colon..<output.count, in: output)
        }
        output.append(0x7D)
        if let order = members.order(in: output) {
            var ordered: [UInt8] = [0x7B]
            for member in order {
                if ordered.count > 1 { ordered.append(0x2C) }
                ordered.append(contentsOf: output[member.name])
                ordered.append(contentsOf: output[member.value])
            }
            ordered.append(0x7D)
            output.replaceSubrange(start..., with: ordered)
        }
    }

    /// Steps over a comma to the next member or element, or over the closing bracket.
    private static func isClosed(_ span: Span<UInt8>, _ place: inout Int, _ closing: UInt8) -> Bool {
        JSONScanner.skipBlanks(span, &place)
        guard place < span.count else { return true }
        if span[place] == 0x2C {
            place += 1
            JSONScanner.skipBlanks(span, &place)
        }
        guard place < span.count, span[place] != closing else {
            place += 1
            return true
        }
        return false
    }

    /// A checked string, from behind its opening quote on, in the one spelling of `JSON.stringify`.
    static func appendCanonicalString(_ span: Span<UInt8>, _ place: inout Int, to output: inout [UInt8]) {
        output.append(0x22)
        while true {
            while place < span.count, span[place] &- 0x20 < 0x60, span[place] != 0x22, span[place] != 0x5C {
                output.append(span[place])
                place += 1
            }
            guard let value = nextScalar(span, &place) else { break }
            if value < 0x80 {
                appendEscaped(UInt8(truncatingIfNeeded: value), to: &output)
            } else if let scalar = Unicode.Scalar(value), let encoded = Unicode.UTF8.encode(scalar) {
                output.append(contentsOf: encoded)
            } else {
                appendUnit(UInt16(truncatingIfNeeded: value), to: &output)
            }
        }
        place += 1
        output.append(0x22)
    }
}
