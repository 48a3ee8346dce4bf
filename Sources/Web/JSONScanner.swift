/// Steps over JSON (RFC 8259) without making anything of it.
///
/// Every function takes the bytes and the place to begin, moves the place behind what it stepped over, and
/// throws at the first byte that cannot be. Nothing recurses: what is open is one bit each in a word, so
/// depth is at most 64.
enum JSONScanner {
    static let deepest = 64

    static func skipBlanks(_ bytes: Span<UInt8>, _ place: inout Int) {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x0A, 0x0D, 0x09: place += 1
            default: return
            }
        }
    }

    /// Blanks, then exactly this byte.
    static func expect(_ byte: UInt8, _ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        skipBlanks(bytes, &place)
        guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: place) }
        guard bytes[place] == byte else { throw JSONError(.unexpectedByte, at: place) }
        place += 1
    }

    /// Nothing but blanks to the end.
    static func expectEnd(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        skipBlanks(bytes, &place)
        guard place == bytes.count else { throw JSONError(.unexpectedByte, at: place) }
    }

    /// One value of any kind, with at most `maximumDepth` (and 64) objects and arrays in each other.
    static func skipValue(_ bytes: Span<UInt8>, _ place: inout Int, maximumDepth: Int) throws(JSONError) {
        let maximumDepth = min(maximumDepth, deepest)
        var depth = 0
        // The lowest bit is the innermost: 1 for an object, 0 for an array.
        var objects: UInt64 = 0
        while true {
            skipBlanks(bytes, &place)
            guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: place) }
            let first = bytes[place]
            if first == 0x7B || first == 0x5B {
                guard depth < maximumDepth else { throw JSONError(.tooDeep, at: place) }
                place += 1
                skipBlanks(bytes, &place)
                // `{` and `}`, like `[` and `]`, are two apart.
                guard place < bytes.count, bytes[place] == first &+ 2 else {
                    depth += 1
                    objects = objects << 1 | (first == 0x7B ? 1 : 0)
                    if first == 0x7B { try skipName(bytes, &place) }
                    continue
                }
                place += 1
            } else {
                try skipScalar(bytes, &place)
            }
            // A value has ended; close what ends with it.
            while depth > 0 {
                skipBlanks(bytes, &place)
                guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: place) }
                let isObject = objects & 1 == 1
                if bytes[place] == 0x2C {
                    place += 1
                    if isObject { try skipName(bytes, &place) }
                    break
                }
                guard bytes[place] == (isObject ? 0x7D : 0x5D) else {
                    throw JSONError(.unexpectedByte, at: place)
                }
                place += 1
                depth -= 1
                objects >>= 1
            }
            if depth == 0 { return }
        }
    }

    /// A name and its colon.
    private static func skipName(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        skipBlanks(bytes, &place)
        _ = try skipString(bytes, &place)
        try expect(0x3A, bytes, &place)
    }

    /// A string, number, `true`, `false` or `null`.
    static func skipScalar(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: place) }
        switch bytes[place] {
        case 0x22: _ = try skipString(bytes, &place)
        case 0x2D, 0x30...0x39: try skipNumber(bytes, &place)
        case 0x74: try skipWord("true", bytes, &place)
        case 0x66: try skipWord("false", bytes, &place)
        case 0x6E: try skipWord("null", bytes, &place)
        default: throw JSONError(.unexpectedByte, at: place)
        }
    }

    private static func skipWord(
        _ word: StaticString,
        _ bytes: Span<UInt8>,
        _ place: inout Int
    ) throws(JSONError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard place < bytes.count else { throw JSONError(.unexpectedEnd, at: place) }
            // Safe because the pointer is a literal's, and the offset is below its count.
            guard unsafe bytes[place] == word.utf8Start[offset] else {
                throw JSONError(.unexpectedByte, at: place)
            }
            place += 1
        }
    }

    /// RFC 8259, section 6.
    static func skipNumber(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) {
        if place < bytes.count, bytes[place] == 0x2D { place += 1 }
        let leadingZero = place < bytes.count && bytes[place] == 0x30
        let digits = try skipDigits(bytes, &place)
        guard !leadingZero || digits == 1 else { throw JSONError(.invalidNumber, at: place) }
        if place < bytes.count, bytes[place] == 0x2E {
            place += 1
            _ = try skipDigits(bytes, &place)
        }
        if place < bytes.count, bytes[place] | 0x20 == 0x65 {
            place += 1
            if place < bytes.count, bytes[place] == 0x2B || bytes[place] == 0x2D { place += 1 }
            _ = try skipDigits(bytes, &place)
        }
    }

    private static func skipDigits(_ bytes: Span<UInt8>, _ place: inout Int) throws(JSONError) -> Int {
        let start = place
        while place < bytes.count, bytes[place].isDigit { place += 1 }
        guard place > start else {
            throw JSONError(place < bytes.count ? .invalidNumber : .unexpectedEnd, at: place)
        }
        return place - start
    }
}
