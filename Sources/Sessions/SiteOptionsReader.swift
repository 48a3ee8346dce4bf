internal import Web

/// Takes a string of options apart, and reads single values.
enum SiteOptionsReader {
    /// One `name=value`.
    struct Piece: Equatable {
        let name: String
        let value: String
    }

    static let maximumBytes = 4096

    static func pieces(_ text: [UInt8]) throws(SessionError) -> [Piece] {
        guard text.count <= maximumBytes else {
            throw failure("the options are longer than \(maximumBytes) bytes")
        }
        guard !text.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7F }),
            String(validating: text, as: UTF8.self) != nil
        else { throw failure("the options hold a byte that is not text") }
        var pieces: [Piece] = []
        var rest = text[...]
        while !rest.isEmpty {
            let end = try end(of: rest)
            let piece = trimmed(rest[rest.startIndex..<end])
            rest = rest[min(end + 1, rest.endIndex)...]
            if piece.isEmpty { continue }
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else {
                throw failure("option \"\(shown(piece))\" has no value: write name=value")
            }
            let name = String(decoding: trimmed(piece[..<equals]), as: UTF8.self)
            let value = unquoted(trimmed(piece[(equals + 1)...]))
            // Names are compared as bytes: `==` of strings is too generous.
            if pieces.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
                throw failure("option \"\(shown(name.utf8))\" is given twice")
            }
            pieces.append(Piece(name: name, value: value))
        }
        return pieces
    }

    /// The next semicolon outside of quotes, or the end.
    private static func end(of rest: ArraySlice<UInt8>) throws(SessionError) -> Int {
        var isQuoted = false
        for index in rest.indices {
            if rest[index] == UInt8(ascii: "'") { isQuoted.toggle() }
            if rest[index] == UInt8(ascii: ";"), !isQuoted { return index }
        }
        if isQuoted { throw failure("a quote is not closed in \"\(shown(rest))\"") }
        return rest.endIndex
    }

    private static func unquoted(_ value: ArraySlice<UInt8>) -> String {
        let quote = UInt8(ascii: "'")
        guard value.count >= 2, value.first == quote, value.last == quote else {
            return String(decoding: value, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        var wasQuote = false
        for byte in value.dropFirst().dropLast() {
            if byte == quote, wasQuote {
                wasQuote = false
                continue
            }
            wasQuote = byte == quote
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 32 || first == 9 { bytes.removeFirst() }
        while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
        return bytes
    }

    /// One of an enumeration's words.
    static func word<Word: RawRepresentable & CaseIterable>(_ piece: Piece) throws(SessionError) -> Word
    where Word.RawValue == String {
        for word in Word.allCases where word.rawValue.utf8.elementsEqual(piece.value.utf8) { return word }
        throw bad(piece, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }

    static func flag(_ piece: Piece) throws(SessionError) -> Bool {
        switch piece.value {
        case "on": return true
        case "off": return false
        default: throw bad(piece, "on or off")
        }
    }

    /// `5000ms`, `60s`, `30m`, `12h`, `30d`; `none` is nil.
    static func duration(_ piece: Piece, allowsNegative: Bool = false) throws(SessionError) -> Int64? {
        if piece.value == "none" { return nil }
        let expected = "a number with its unit (5000ms, 60s, 30m, 12h, 30d) or none"
        var digits = piece.value.utf8[...]
        let isNegative = allowsNegative && digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        let unitStart =
            digits.firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? digits.endIndex
        let scale: Int64
        switch String(Substring(digits[unitStart...])) {
        case "ms": scale = 1
        case "s": scale = 1000
        case "m": scale = 60_000
        case "h": scale = 3_600_000
        case "d": scale = 86_400_000
        default: throw bad(piece, expected)
        }
        guard let number = Int64(Substring(digits[..<unitStart])) else { throw bad(piece, expected) }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: scale)
        // A hundred years: sums with instants stay far from the edge.
        guard !overflow, milliseconds <= 3_155_760_000_000 else { throw bad(piece, "at most 36525d") }
        return isNegative ? -milliseconds : milliseconds
    }

    static func bad(_ piece: Piece, _ expected: String) -> SessionError {
        failure("option \"\(piece.name)\" cannot be \"\(shown(piece.value.utf8))\": it takes \(expected)")
    }

    static func failure(_ message: String) -> SessionError { SessionError(.options, message) }

    /// At most 40 bytes of what came from outside.
    static func shown(_ bytes: some Collection<UInt8>) -> String {
        bytes.count <= 40
            ? String(decoding: bytes, as: UTF8.self) : String(decoding: bytes.prefix(40), as: UTF8.self) + "…"
    }

    /// The word that differs least, when it differs little.
    static func nearest(to word: String, in words: some Sequence<String>) -> String? {
        guard word.utf8.count <= 40 else { return nil }
        let distances = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = distances.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }),
            best.1 <= max(2, best.0.utf8.count / 3)
        else {
            return nil
        }
        return best.0
    }

    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let change = byte == other ? diagonal : diagonal + 1
                diagonal = row[j + 1]
                row[j + 1] = min(change, row[j + 1] + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
