/// JSON over bytes (RFC 8259), strict on the way in and as JavaScript writes it on the way out.
///
/// Nothing is turned into a tree: an object is an index of places in its bytes, so what nobody touches stays
/// byte for byte what it was, be it `1.0`, `\u0041` or half of a surrogate pair. Depths count the outermost
/// object or array as 1 and never go beyond 64.
public enum JSON {
    /// How deep objects and arrays may lie in each other unless a caller says otherwise.
    public static let defaultMaximumDepth = 16

    /// The kinds of value.
    public enum Kind: Sendable, Hashable {
        /// `{…}`
        case object
        /// `[…]`
        case array
        /// `"…"`
        case string
        /// `-1.5e3`
        case number
        /// `true` or `false`
        case boolean
        /// `null`
        case null
    }

    /// Checks that the bytes are exactly one well-formed value, with or without blanks around it.
    public static func validate(
        _ bytes: ArraySlice<UInt8>,
        maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) {
        let span = bytes.span
        var place = 0
        try JSONScanner.skipValue(span, &place, maximumDepth: maximumDepth)
        try JSONScanner.expectEnd(span, &place)
    }

    /// The members of an object in their order; the whole is checked.
    ///
    /// A name that occurs twice is refused, because readers disagree on which one counts, unless `duplicates`
    /// lets all of them through. Only this object's own names are compared.
    public static func objectEntries(
        _ bytes: ArraySlice<UInt8>,
        maximumDepth: Int = defaultMaximumDepth,
        duplicates: DuplicateNames = .refused
    ) throws(JSONError) -> [JSONMember] {
        let span = bytes.span
        let base = bytes.startIndex
        var members: [JSONMember] = []
        var place = 0
        var anyEscapes = false
        JSONScanner.skipBlanks(span, &place)
        try expectKind(0x7B, span, place, maximumDepth)
        place += 1
        JSONScanner.skipBlanks(span, &place)
        if place < span.count, span[place] == 0x7D {
            place += 1
            try JSONScanner.expectEnd(span, &place)
            return members
        }
        while true {
            JSONScanner.skipBlanks(span, &place)
            let nameStart = place + 1
            let hasEscapes = try JSONScanner.skipString(span, &place)
            let nameRange = base + nameStart..<base + place - 1
            anyEscapes = anyEscapes || hasEscapes
            try JSONScanner.expect(0x3A, span, &place)
            JSONScanner.skipBlanks(span, &place)
            let valueStart = place
            try JSONScanner.skipValue(span, &place, maximumDepth: maximumDepth - 1)
            let name = hasEscapes ? decoded(span, nameStart)[...] : bytes[nameRange]
            members.append(
                JSONMember(
                    name: String(decoding: name, as: UTF8.self),
                    nameRange: nameRange,
                    valueRange: base + valueStart..<base + place
                )
            )
            JSONScanner.skipBlanks(span, &place)
            if place < span.count, span[place] == 0x2C {
                place += 1
                continue
            }
            try JSONScanner.expect(0x7D, span, &place)
            try JSONScanner.expectEnd(span, &place)
            break
        }
        if duplicates == .refused, let second = secondOfName(members, bytes, anyEscapes) {
            throw JSONError(.duplicateName, at: second.nameRange.lowerBound - base)
        }
        return members
    }

    /// What to do with an object that has a name twice.
    public enum DuplicateNames: Sendable, Hashable {
        /// Throw ``JSONError/Reason/duplicateName``.
        case refused
        /// Give all of them; JavaScript takes the last.
        case kept
    }

    /// The raw elements of an array in their order, in the indices of `bytes`; the whole is checked.
    public static func arrayElements(
        _ bytes: ArraySlice<UInt8>,
        maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) -> [Range<Int>] {
        let span = bytes.span
        let base = bytes.startIndex
        var elements: [Range<Int>] = []
        var place = 0
        JSONScanner.skipBlanks(span, &place)
        try expectKind(0x5B, span, place, maximumDepth)
        place += 1
        JSONScanner.skipBlanks(span, &place)
        if place < span.count, span[place] == 0x5D {
            place += 1
            try JSONScanner.expectEnd(span, &place)
            return elements
        }
        while true {
            JSONScanner.skipBlanks(span, &place)
            let start = place
            try JSONScanner.skipValue(span, &place, maximumDepth: maximumDepth - 1)
            elements.append(base + start..<base + place)
            JSONScanner.skipBlanks(span, &place)
            if place < span.count, span[place] == 0x2C {
                place += 1
                continue
            }
            try JSONScanner.expect(0x5D, span, &place)
            try JSONScanner.expectEnd(span, &place)
            return elements
        }
    }

    /// That an object or array begins here and may.
    private static func expectKind(
        _ opening: UInt8,
        _ span: Span<UInt8>,
        _ place: Int,
        _ maximumDepth: Int
    ) throws(JSONError) {
        guard place < span.count else { throw JSONError(.unexpectedEnd, at: place) }
        guard span[place] == opening else { throw JSONError(.wrongKind, at: place) }
        guard maximumDepth > 0 else { throw JSONError(.tooDeep, at: place) }
    }

    /// The first member whose name an earlier one has already.
    private static func secondOfName(
        _ members: [JSONMember],
        _ bytes: ArraySlice<UInt8>,
        _ anyEscapes: Bool
    ) -> JSONMember? {
        if members.count <= 8, !anyEscapes {
            for index in members.indices.dropFirst() {
                let name = bytes[members[index].nameRange]
                for earlier in members[..<index] where bytes[earlier.nameRange] == name {
                    return members[index]
                }
            }
            return nil
        }
        // By their canonical spelling, because `\u0041` is `A`, as bytes, because `==` of strings is lax.
        var seen: Set<[UInt8]> = []
        for member in members {
            var name: [UInt8] = []
            var place = member.nameRange.lowerBound - bytes.startIndex
            appendCanonicalString(bytes.span, &place, to: &name)
            guard seen.insert(name).inserted else { return member }
        }
        return nil
    }
}
