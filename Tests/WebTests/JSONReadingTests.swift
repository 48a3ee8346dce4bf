import Testing
import Web

@Suite struct `JSON that is read` {
    private static func entries(_ json: String) throws -> [String] {
        let bytes = json.bytes
        return try JSON.objectEntries(bytes).map { member in
            "\(member.name)|\(text(bytes[member.nameRange]))|\(text(bytes[member.valueRange]))"
        }
    }

    @Test(arguments: [
        ("{}", []), (" { } ", []), (#"{"a":1}"#, ["a|a|1"]),
        (
            "{ \"a\" : 1.0 ,\n\"b\":[ 1 , {} ] , \"c\" : \"x\" }\r\n",
            ["a|a|1.0", "b|b|[ 1 , {} ]", "c|c|\"x\""]
        ),
        (#"{"\u0061\n":null}"#, ["a\n|\\u0061\\n|null"]), (#"{"":true}"#, ["||true"]),
        (#"{"\ud83d\ude00":0}"#, ["😀|\\ud83d\\ude00|0"]),
        (#"{"\ud800":"\udc00"}"#, ["\u{FFFD}|\\ud800|\"\\udc00\""]),
        (#"{"a\u0301":1,"á":2}"#, ["a\u{301}|a\\u0301|1", "á|á|2"]),
    ])
    func `gives the members of an object as they stand`(json: String, expected: [String]) throws {
        #expect(try Self.entries(json).map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test func `keeps the indices of a slice`() throws {
        let bytes = Array(#"xx{"a":[1,2]}xx"#.utf8)
        let slice = bytes[2..<13]
        let member = try #require(try JSON.objectEntries(slice).first)
        #expect(text(bytes[member.nameRange]) == "a")
        #expect(text(bytes[member.valueRange]) == "[1,2]")
        #expect(try JSON.arrayElements(slice[member.valueRange]).map { text(bytes[$0]) } == ["1", "2"])
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4),
            (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6),
            (#"{"a":1,}"#, .unexpectedByte, 7), ("{,}", .unexpectedByte, 1),
            (#"{"a" 1}"#, .unexpectedByte, 5), ("{a:1}", .unexpectedByte, 1),
            (#"{"a":1}x"#, .unexpectedByte, 7), (#"{"a":tru}"#, .unexpectedByte, 8),
            (#"{"a":nul"#, .unexpectedEnd, 8), ("[]", .wrongKind, 0), ("1", .wrongKind, 0),
            (#"{"a":01}"#, .invalidNumber, 7), (#"{"a":-}"#, .invalidNumber, 6),
            (#"{"a":1.}"#, .invalidNumber, 7), (#"{"a":.5}"#, .unexpectedByte, 5),
            (#"{"a":1e}"#, .invalidNumber, 7), (#"{"a":+1}"#, .unexpectedByte, 5),
            (#"{"a":NaN}"#, .unexpectedByte, 5), (#"{"a":'x'}"#, .unexpectedByte, 5),
            ("{\"a\":\"\n\"}", .invalidString, 6), ("{\"a\":\"\0\"}", .invalidString, 6),
            (#"{"a":"\x"}"#, .invalidString, 7), (#"{"a":"\u12g4"}"#, .invalidString, 6),
            (#"{"a":"\u12"#, .unexpectedEnd, 10), (#"{"a":"x"#, .unexpectedEnd, 7),
            (#"{"a":1 "b":2}"#, .unexpectedByte, 7), ("\u{FEFF}{}", .wrongKind, 0),
            (#"{"a":[1,]}"#, .unexpectedByte, 8), (#"{"a":[1}"#, .unexpectedByte, 7),
            (#"{"a":{"b":1]}"#, .unexpectedByte, 11), (#"{"a":/**/1}"#, .unexpectedByte, 5),
        ] as [(String, JSONError.Reason, Int)]
    )
    func `is refused at the first byte that cannot be`(json: String, reason: JSONError.Reason, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON.objectEntries(json.bytes) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
        #expect(error?.description == "JSON: \(reason) at byte \(offset)")
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x28, 0xA1],
            [0xF0, 0x9F, 0x98], [0xF0, 0x9F, 0x28, 0x80],
        ] as [[UInt8]]
    )
    func `is refused when it is not UTF-8`(bytes: [UInt8]) {
        let json: [UInt8] = [0x22] + bytes + [0x22]
        #expect(throws: JSONError.self) { try JSON.validate(json[...]) }
        #expect(JSON.string(json[...]) == nil)
    }

    @Test func `may have every scalar there is`() throws {
        for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 7) {
            guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
            #expect(JSON.string("\"\(scalar)\"".bytes)?.unicodeScalars.first == scalar)
        }
    }

    @Test func `is bounded in depth, and never deeper than 64`() throws {
        func nested(_ depth: Int) -> ArraySlice<UInt8> {
            (String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).bytes
        }
        try JSON.validate(nested(16))
        #expect(throws: JSONError.self) { try JSON.validate(nested(17)) }
        try JSON.validate(nested(64), maximumDepth: .max)
        #expect(throws: JSONError.self) { try JSON.validate(nested(65), maximumDepth: .max) }
        #expect(throws: JSONError.self) { try JSON.validate(nested(100_000), maximumDepth: .max) }
        #expect(throws: JSONError.self) { try JSON.validate("[]".bytes, maximumDepth: 0) }
        try JSON.validate("1".bytes, maximumDepth: 0)
        let mixed = String(repeating: #"{"a":["#, count: 8) + "1" + String(repeating: "]}", count: 8)
        #expect(try JSON.objectEntries(mixed.bytes).count == 1)
        #expect(throws: JSONError.self) { try JSON.objectEntries(mixed.bytes, maximumDepth: 15) }
        #expect(throws: JSONError.self) { try JSON.objectEntries("{}".bytes, maximumDepth: .min) }
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"a\/b":1,"a/b":2}"#, #"{"\ud800":1,"\uD800":2}"#,
    ])
    func `with a name twice is refused, or kept where asked`(json: String) throws {
        let error = #expect(throws: JSONError.self) { try JSON.objectEntries(json.bytes) }
        #expect(error?.reason == .duplicateName)
        #expect(try JSON.objectEntries(json.bytes, duplicates: .kept).count == 2)
    }

    @Test func `with a thousand names is compared in little time`() throws {
        let names = (0..<20_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSON.objectEntries("{\(names)}".bytes).count == 20_000)
        #expect(throws: JSONError.self) { try JSON.objectEntries("{\(names),\"7\":0}".bytes) }
    }

    @Test func `takes names that only look alike for two`() throws {
        #expect(try JSON.objectEntries("{\"caf\u{E9}\":1,\"cafe\u{301}\":2}".bytes).count == 2)
        #expect(try JSON.objectEntries(#"{"\ud800":1,"\ud801":2}"#.bytes).count == 2)
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1.0", 1), ("1e3", 1000), ("-12", -12), ("1E+2", 100), ("100e-2", 1),
            ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min), ("9007199254740993", 9_007_199_254_740_993), ("-1.5e1", -15),
            ("1.5", nil), ("9223372036854775808", nil), ("1e19", nil), ("1e999", nil), ("01", nil), ("", nil),
            ("\"1\"", nil), (" 1", nil), ("1 ", nil),
            ("-", nil), ("1e-1", nil), ("-9223372036854775809", nil), ("9223372036854775807.0", nil),
            ("null", nil),
        ] as [(String, Int64?)]
    )
    func `is a whole number however it is spelt`(raw: String, expected: Int64?) {
        #expect(JSON.integer(raw.bytes) == expected)
    }

    @Test(
        arguments: [
            ("0.1", 0.1), ("-1e-7", -1e-7), ("1.7976931348623157e308", Double.greatestFiniteMagnitude),
            ("5e-324", .leastNonzeroMagnitude), ("1e-999", 0),
            ("1e999", nil), ("nan", nil), ("inf", nil), ("0x1p3", nil), ("1_000", nil), ("1,5", nil),
            ("", nil),
        ] as [(String, Double?)]
    )
    func `is a number`(raw: String, expected: Double?) {
        #expect(JSON.number(raw.bytes) == expected)
    }

    @Test(
        arguments: [
            ("\"\"", ""), (#""a\"\\\/\b\f\n\r\t\u0041""#, "a\"\\/\u{8}\u{C}\n\r\tA"),
            (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\u0041\udc00""#, "A\u{FFFD}"),
            (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\u0000""#, "\0"),
            ("\"é\u{301}\"", "é\u{301}"), ("x", nil), ("\"", nil), ("\"a\"b", nil), ("\"a\"\"", nil),
            (" \"a\"", nil), ("\"\\\"", nil),
        ] as [(String, String?)]
    )
    func `is a text`(raw: String, expected: String?) {
        #expect(JSON.string(raw.bytes).map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }

    @Test(
        arguments: [
            ("{}", .object), (" [", .array), ("\"", .string), ("-", .number), ("7", .number), ("t", .boolean),
            ("f", .boolean), ("n", .null),
            ("", nil), ("x", nil), ("+", nil),
        ] as [(String, JSON.Kind?)]
    )
    func `tells its kind by its first byte`(raw: String, expected: JSON.Kind?) {
        #expect(JSON.kind(of: raw.bytes) == expected)
    }

    @Test func `knows true, false and null`() {
        #expect(JSON.boolean("true".bytes) == true)
        #expect(JSON.boolean("false".bytes) == false)
        #expect(JSON.boolean("True".bytes) == nil)
        #expect(JSON.isNull("null".bytes))
        #expect(!JSON.isNull("nul".bytes))
    }

    @Test func `gives the elements of an array`() throws {
        let bytes = " [ 1 , \"a,]\" , [2,3] , {} ] ".bytes
        #expect(try JSON.arrayElements(bytes).map { text(bytes[$0]) } == ["1", "\"a,]\"", "[2,3]", "{}"])
        #expect(try JSON.arrayElements("[]".bytes).isEmpty)
        for bad in ["", "[", "[1", "[1,", "[1,]", "[,]", "[1]x", "{}", "[1 2]"] {
            #expect(throws: JSONError.self) { try JSON.arrayElements(bad.bytes) }
        }
    }

    @Test func `is read from any bytes without a trap, and all readers agree`() {
        var random = SeededRandom()
        let alphabet = Array("{}[]:,\"\\u0dD8e+-.1truefalsn /".utf8) + [0x00, 0x80, 0xC3, 0xED, 0xF0]
        for _ in 0..<50_000 {
            let bytes = random.bytes(upTo: 24, of: alphabet)[...]
            let isValid = (try? JSON.validate(bytes)) != nil
            if (try? JSON.objectEntries(bytes)) != nil || (try? JSON.arrayElements(bytes)) != nil
                || JSON.string(bytes) != nil
            {
                #expect(isValid)
            }
            #expect(((try? JSON.canonicalise(bytes)) != nil) == isValid)
            _ = JSON.integer(bytes)
            _ = JSON.number(bytes)
            _ = JSON.kind(of: bytes)
        }
    }
}
