import Sessions
import Web

/// A script of session operations, checked whole before any of it runs.
struct Script {
    enum Operation {
        case get(String), set(String, RawJSON), delete(String), increment(String), keys, id
        case regenerate(keepingData: Bool), destroy, reload, save, touch, unset
        case maxAge(Int64?), expires(UnixTime?), changeCookie(CookieChange), cookie
        case header(HTTPField.Name, String), sleep(milliseconds: Int64), status(HTTPResponse.Status), fail
    }

    struct Malformed: Error {
        let message: String
    }

    let operations: [Operation]

    init(_ text: String) throws(Malformed) {
        var operations: [Operation] = []
        for piece in Script.pieces(Array(text.utf8)) { operations.append(try Script.operation(piece)) }
        self.operations = operations
    }

    /// Cuts at every space, semicolon, space.
    private static func pieces(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        if text.isEmpty { return [] }
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var place = 0
        while place + 2 < text.count {
            if text[place] == 0x20, text[place + 1] == 0x3B, text[place + 2] == 0x20 {
                pieces.append(text[start..<place])
                place += 3
                start = place
            } else {
                place += 1
            }
        }
        return pieces + [text[start...]]
    }

    private static func operation(_ piece: ArraySlice<UInt8>) throws(Malformed) -> Operation {
        let words = piece.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        let name = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let first = words.count > 1 ? words[1] : nil
        let rest = words.count > 2 ? words[2] : nil
        switch (name, first, rest) {
        case ("get", let key?, nil): return .get(try self.key(key))
        case ("delete", let key?, nil): return .delete(try self.key(key))
        case ("incr", let key?, nil): return .increment(try self.key(key))
        case ("set", let key?, let json?): return .set(try self.key(key), try value(json))
        case ("keys", nil, nil): return .keys
        case ("id", nil, nil): return .id
        case ("regenerate", nil, nil): return .regenerate(keepingData: false)
        case ("regenerate", let word?, nil) where word.elementsEqual("keep".utf8):
            return .regenerate(keepingData: true)
        case ("destroy", nil, nil): return .destroy
        case ("reload", nil, nil): return .reload
        case ("save", nil, nil): return .save
        case ("touch", nil, nil): return .touch
        case ("unset", nil, nil): return .unset
        case ("maxage", let word?, nil):
            return word.elementsEqual("none".utf8) ? .maxAge(nil) : .maxAge(try integer(word))
        case ("expires", let word?, nil):
            if word.elementsEqual("none".utf8) { return .expires(nil) }
            guard let instant = UnixTime(iso8601: word) else { throw malformed(piece) }
            return .expires(instant)
        case ("cookie", nil, nil): return .cookie
        case ("cookie", let field?, let json?):
            guard let change = CookieChange(field, json) else { throw malformed(piece) }
            return .changeCookie(change)
        case ("header", let field?, let text?):
            guard let field = HTTPField.Name(String(decoding: field, as: UTF8.self)) else {
                throw malformed(piece)
            }
            return .header(field, String(decoding: text, as: UTF8.self))
        case ("sleep", let word?, nil):
            let milliseconds = try integer(word)
            guard (0...600_000).contains(milliseconds) else { throw malformed(piece) }
            return .sleep(milliseconds: milliseconds)
        case ("status", let word?, nil):
            let code = try integer(word)
            guard (200...599).contains(code), code != 204, code != 304 else { throw malformed(piece) }
            return .status(HTTPResponse.Status(code: Int(code)))
        case ("fail", nil, nil): return .fail
        default: throw malformed(piece)
        }
    }

    private static func key(_ word: ArraySlice<UInt8>) throws(Malformed) -> String {
        let isName = word.enumerated().allSatisfy { index, byte in
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x5F: true
            case 0x30...0x39: index > 0
            default: false
            }
        }
        let name = String(decoding: word, as: UTF8.self)
        guard isName, !word.isEmpty, !SessionReservedNames.contains(name) else { throw malformed(word) }
        return name
    }

    private static func value(_ json: ArraySlice<UInt8>) throws(Malformed) -> RawJSON {
        do { return try RawJSON(json) } catch { throw malformed(json) }
    }

    private static func integer(_ word: ArraySlice<UInt8>) throws(Malformed) -> Int64 {
        let digits = word.first == 0x2D ? word.dropFirst() : word
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(String(decoding: word, as: UTF8.self))
        else { throw malformed(word) }
        return number
    }

    private static func malformed(_ piece: ArraySlice<UInt8>) -> Malformed {
        Malformed(message: "malformed operation: \(String(decoding: piece.prefix(80), as: UTF8.self))")
    }
}
