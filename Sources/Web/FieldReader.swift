/// Takes the parts of a structured field value off its front (RFC 9110, section 5.6).
struct FieldReader {
    var rest: ArraySlice<UInt8>

    mutating func skipBlanks() {
        while let byte = rest.first, byte.isBlank { rest.removeFirst() }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// A token of at least one byte.
    mutating func takeToken() -> ArraySlice<UInt8>? {
        let end = rest.firstIndex { !$0.isToken } ?? rest.endIndex
        guard end > rest.startIndex else { return nil }
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    /// `type/subtype`; `*` is a token, so ranges are taken too.
    mutating func takeMediaRange() -> (type: ArraySlice<UInt8>, subtype: ArraySlice<UInt8>)? {
        guard let type = takeToken(), take(0x2F), let subtype = takeToken() else { return nil }
        return (type, subtype)
    }

    /// `; name=value`, the value a token or a quoted string with its quotes; an empty parameter gives empty slices.
    mutating func takeParameter() -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        skipBlanks()
        guard take(0x3B) else { return nil }
        skipBlanks()
        guard let first = rest.first, first != 0x3B, first != 0x2C else { return ([], []) }
        guard let name = takeToken(), take(0x3D) else { return nil }
        guard let value = rest.first == 0x22 ? takeQuoted() : takeToken() else { return nil }
        return (name, value)
    }

    private mutating func takeQuoted() -> ArraySlice<UInt8>? {
        var index = rest.startIndex + 1
        while index < rest.endIndex {
            switch rest[index] {
            case 0x22:
                defer { rest = rest[(index + 1)...] }
                return rest[...index]
            case 0x5C: index += 2
            case let byte where byte.isControl && byte != 0x09: return nil
            default: index += 1
            }
        }
        return nil
    }
}
