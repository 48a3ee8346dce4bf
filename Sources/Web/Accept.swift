/// What a client would like to get, read from the bytes of its `Accept` fields (RFC 9110, section 12.5.1).
///
/// A range that is ill-formed is as if it were not there. Parameters other than `q` are not compared, so
/// `application/json;charset=utf-8` asks for JSON.
struct Accept {
    /// How much a type is wanted and how closely it was named.
    struct Preference {
        /// Thousandths: 0 means not at all, 1000 most.
        var quality: Int
        /// 3 for `type/subtype`, 2 for `type/*`, 1 for `*/*`, 0 when no range matches.
        var closeness: Int
    }

    private let parameters: RequestParameters

    init(_ parameters: RequestParameters) {
        self.parameters = parameters
    }

    /// Of the ranges that match, the closest one counts, and of equally close ones the best.
    func preference(for type: MediaType) -> Preference {
        var best = Preference(quality: 0, closeness: 0)
        var isThere = false
        parameters.forEach("HTTP_ACCEPT") { value in
            var reader = FieldReader(rest: value)
            while true {
                reader.skipBlanks()
                guard !reader.rest.isEmpty else { break }
                if reader.take(0x2C) { continue }
                isThere = true
                let found = Accept.takeRange(&reader, type)
                if found.closeness > best.closeness
                    || found.closeness == best.closeness && found.quality > best.quality
                {
                    best = found
                }
            }
        }
        // Without an Accept anything will do.
        return isThere ? best : Preference(quality: 1000, closeness: 0)
    }

    /// One element of the list, up to its comma.
    private static func takeRange(_ reader: inout FieldReader, _ type: MediaType) -> Preference {
        var preference = Preference(quality: 1000, closeness: 0)
        var isWellFormed = false
        if let range = reader.takeMediaRange() {
            preference.closeness = closeness(range, type)
            isWellFormed = true
            while let parameter = reader.takeParameter() {
                guard parameter.name.equalsIgnoringCase("q") else { continue }
                guard let quality = quality(parameter.value) else {
                    isWellFormed = false
                    break
                }
                preference.quality = quality
            }
            reader.skipBlanks()
        }
        if !reader.rest.isEmpty, reader.rest.first != 0x2C {
            isWellFormed = false
            reader.rest = reader.rest.drop { $0 != 0x2C }
        }
        return isWellFormed && preference.closeness > 0 ? preference : Preference(quality: 0, closeness: 0)
    }

    private static func closeness(
        _ range: (type: ArraySlice<UInt8>, subtype: ArraySlice<UInt8>),
        _ wanted: MediaType
    ) -> Int {
        let anySubtype = range.subtype.equals("*")
        if range.type.equals("*") { return anySubtype ? 1 : 0 }
        guard equal(range.type, wanted.type) else { return 0 }
        if anySubtype { return 2 }
        return equal(range.subtype, wanted.subtype) ? 3 : 0
    }

    private static func equal(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        bytes.count == text.utf8.count && zip(bytes, text.utf8).allSatisfy { $0.lowercased == $1 }
    }

    /// `qvalue` of RFC 9110, section 12.4.2, in thousandths.
    private static func quality(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let whole = bytes.first, whole == 0x30 || whole == 0x31 else { return nil }
        let decimals = bytes.dropFirst(2)
        guard bytes.count == 1 || bytes[bytes.startIndex + 1] == 0x2E, decimals.count <= 3 else { return nil }
        guard var value = decimals.isEmpty ? 0 : decimals.decimal else { return nil }
        for _ in decimals.count..<3 { value *= 10 }
        let quality = Int(whole &- 0x30) * 1000 + value
        return quality <= 1000 ? quality : nil
    }
}
