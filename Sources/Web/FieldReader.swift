/// Takes the parts of a structured field value off its front (RFC 9110, section 5.6).
struct FieldReader {
    let bytes: ArraySlice<UInt8>
    private(set) var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    /// The next byte, or nil at the end.
    var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

    mutating func skipBlanks() {
        while place < bytes.endIndex, bytes[place].isBlank { place += 1 }
    }

    /// Skips to the next comma, or to the end.
    mutating func skipElement() {
        while place < bytes.endIndex, bytes[place] != 0x2C { place += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    /// A token of at least one byte.
    mutating func takeToken() -> Range<Int>? {
        let start = place
        while place < bytes.endIndex, bytes[place].isToken { place += 1 }
        return place > start ? start..<place : nil
    }

    /// `type/subtype`; `*` is a token, so ranges are taken too.
    mutating func takeMediaRange() -> (type: Range<Int>, subtype: Range<Int>)? {
        guard let type = takeToken(), take(0x2F), let subtype = takeToken() else { return nil }
        return (type, subtype)
    }

    /// `; name=value`, the value a token or a quoted string with its quotes.
    ///
    /// An empty parameter gives empty ranges.
    mutating func takeParameter() -> (name: Range<Int>, value: Range<Int>)? {
        skipBlanks()
        guard take(0x3B) else { return nil }
        skipBlanks()
        guard let next, next != 0x3B, next != 0x2C else { return (place..<place, place..<place) }
        guard let name = takeToken(), take(0x3D) else { return nil }
        guard let value = self.next == 0x22 ? takeQuoted() : takeToken() else { return nil }
        return (name, value)
    }

    private mutating func takeQuoted() -> Range<Int>? {
        let start = place
        place += 1
        while place < bytes.endIndex {
            switch bytes[place] {
            case 0x22:
                place += 1
                return start..<place
            case 0x5C where place + 1 < bytes.endIndex: place += 2
            case let byte where byte.isControl && byte != 0x09: return nil
            default: place += 1
            }
        }
        return nil
    }
}
