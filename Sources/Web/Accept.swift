/// What a client would like to get, read from the bytes of its `Accept` fields (RFC 9110, section 12.5.1).
///
/// A range that is ill-formed is as if it were not there. Parameters other than `q` are not compared, so
/// `application/json;charset=utf-8` asks for JSON.
struct Accept {
    /// How much a type is wanted and how closely it was named.
    struct Preference {
        /// Thousandths: 0 means not at all, 1000 most.
        var quality = 0
        /// 3 for `type/subtype`, 2 for `type/*`, 1 for `*/*`, 0 when no range matches.
        var closeness = 0

        /// Of the ranges that match, the closest one counts, and of equally close ones the best.
        fileprivate mutating func consider(_ quality: Int, _ closeness: Int) {
            guard closeness > 0, (closeness, quality) > (self.closeness, self.quality) else { return }
            self.quality = quality
            self.closeness = closeness
        }
    }

    private let parameters: RequestParameters

    init(_ parameters: RequestParameters) {
        self.parameters = parameters
    }

    /// What is said of each of the types, in their order; without an `Accept` anything will do.
    func preferences(for types: [MediaType]) -> [Preference] {
        var preferences = Array(repeating: Preference(), count: types.count)
        var isThere = false
        parameters.forEach("HTTP_ACCEPT") { value in
            var reader = FieldReader(value)
            while true {
                reader.skipBlanks()
                guard reader.next != nil else { break }
                if reader.take(0x2C) { continue }
                isThere = true
                guard let range = Accept.takeRange(&reader) else { continue }
                for index in types.indices {
                    let closeness = Accept.closeness(value[range.type], value[range.subtype], types[index])
                    preferences[index].consider(range.quality, closeness)
                }
            }
        }
        return isThere ? preferences : Array(repeating: Preference(quality: 1000), count: types.count)
    }

    /// One element of the list, up to its comma; nil when it is ill-formed.
    private static func takeRange(
        _ reader: inout FieldReader
    ) -> (type: Range<Int>, subtype: Range<Int>, quality: Int)? {
        defer { reader.skipElement() }
        guard let range = reader.takeMediaRange() else { return nil }
        var quality = 1000
        reader.skipBlanks()
        while let next = reader.next, next != 0x2C {
            guard let parameter = reader.takeParameter() else { return nil }
            reader.skipBlanks()
            guard reader.bytes[parameter.name].equalsIgnoringCase("q") else { continue }
            guard let weight = weight(reader.bytes[parameter.value]) else { return nil }
            quality = weight
        }
        return (range.type, range.subtype, quality)
    }

    private static func closeness(
        _ type: ArraySlice<UInt8>,
        _ subtype: ArraySlice<UInt8>,
        _ wanted: MediaType
    ) -> Int {
        let anySubtype = subtype.equals("*")
        if type.equals("*") { return anySubtype ? 1 : 0 }
        guard equal(type, wanted.type) else { return 0 }
        if anySubtype { return 2 }
        return equal(subtype, wanted.subtype) ? 3 : 0
    }

    private static func equal(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        let text = text.utf8.span
        guard bytes.count == text.count else { return false }
        for offset in 0..<text.count where bytes[bytes.startIndex + offset].lowercased != text[offset] {
            return false
        }
        return true
    }

    /// `qvalue` of RFC 9110, section 12.4.2, in thousandths.
    private static func weight(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let whole = bytes.first, whole == 0x30 || whole == 0x31 else { return nil }
        let decimals = bytes.dropFirst(2)
        guard bytes.count == 1 || bytes[bytes.startIndex + 1] == 0x2E, decimals.count <= 3 else { return nil }
        guard var value = decimals.isEmpty ? 0 : decimals.decimal else { return nil }
        for _ in decimals.count..<3 { value *= 10 }
        let weight = Int(whole &- 0x30) * 1000 + value
        return weight <= 1000 ? weight : nil
    }
}
