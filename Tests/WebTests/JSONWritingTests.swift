import Testing
import Web

@Suite struct `JSON that is written` {
    private static func number(_ value: Double) -> String {
        var bytes: [UInt8] = []
        JSON.appendNumber(value, to: &bytes)
        return text(bytes)
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (1.5, "1.5"), (100, "100"),
            (1e20, "100000000000000000000"),
            (123_456_789_012_345_683_968, "123456789012345680000"), (1e21, "1e+21"), (-1.5e300, "-1.5e+300"),
            (1e-6, "0.000001"), (1e-7, "1e-7"),
            (1.25e-7, "1.25e-7"), (123.456, "123.456"), (0.00001234, "0.00001234"),
            (.leastNonzeroMagnitude, "5e-324"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
            (9007199254740991, "9007199254740991"), (9_007_199_254_740_992, "9007199254740992"),
            (-9007199254740994, "-9007199254740994"), (0.1 + 0.2, "0.30000000000000004"), (4.35, "4.35"),
            (1.7e21, "1.7e+21"), (123456.789e15, "123456789000000000000"), (.infinity, "null"),
            (-.infinity, "null"), (.nan, "null"),
            (9.5e-7, "9.5e-7"), (1_234_567_890_123_456_768, "1234567890123456800"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"),
        ] as [(Double, String)]
    )
    func `has numbers as JavaScript prints them`(value: Double, expected: String) {
        #expect(Self.number(value) == expected)
    }

    @Test func `has numbers that read back as themselves`() {
        var random = SeededRandom()
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(JSON.number(Self.number(value).bytes) == value)
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 7, Int64.max])
    func `has whole numbers exactly`(value: Int64) {
        var bytes: [UInt8] = []
        JSON.appendInteger(value, to: &bytes)
        #expect(text(bytes) == String(value))
        #expect(JSON.integer(bytes[...]) == value)
    }

    @Test(arguments: [
        ("", "\"\""), ("a/b", "\"a/b\""), ("\"\\", #""\"\\""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
        ("\0\u{1F}\u{B}", #""\u0000\u001f\u000b""#),
        ("\u{7F}\u{2028}é😀", "\"\u{7F}\u{2028}é😀\""), ("\r\n\u{301}", "\"\\r\\n\u{301}\""),
        ("</script>", "\"</script>\""),
    ])
    func `has texts escaped as JSON.stringify escapes them`(value: String, expected: String) {
        var bytes: [UInt8] = []
        JSON.appendString(value, to: &bytes)
        #expect(text(bytes) == expected)
        #expect(JSON.string(bytes[...]) == value)
    }

    // Left: the input. Right: what `JSON.stringify(JSON.parse(input))` gave in Node 20.
    @Test(arguments: [
        (" { \"b\" : 1.0 , \"a\" : [ 1e3 , -0 ] } ", #"{"b":1,"a":[1000,0]}"#),
        (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#),
        (
            #"{"b":1,"2":1,"a":1,"10":1,"1":1,"01":1,"-1":1}"#,
            #"{"1":1,"2":1,"10":1,"b":1,"a":1,"01":1,"-1":1}"#
        ),
        (#"{"z":0,"4294967295":1,"4294967294":2,"0":3}"#, #"{"0":3,"4294967294":2,"z":0,"4294967295":1}"#),
        (#"{"1":"a","x":0,"1":"b"}"#, #"{"1":"b","x":0}"#), (#"{"\u0061":1,"a":2}"#, #"{"a":2}"#),
        (#"{"__proto__":1,"a":2}"#, #"{"__proto__":1,"a":2}"#),
        (#""\u0041\/\u00e9\u2028\u007f""#, "\"A/é\u{2028}\u{7F}\""), (#""\uD83D\uDE00""#, "\"😀\""),
        (#""\uD83D""#, #""\ud83d""#), (#""\u0041\uDC00""#, #""A\udc00""#),
        (#""\uDE00\uD83D""#, #""\ude00\ud83d""#), (#""\u001F\u0008""#, #""\u001f\b""#),
        (#"{"\uDBFF":"\uDC00"}"#, #"{"\udbff":"\udc00"}"#),
        ("123456789012345680000", "123456789012345680000"), ("1e21", "1e+21"), ("0.0000001", "1e-7"),
        ("1E400", "null"), ("-0.0", "0"),
        ("9007199254740993", "9007199254740992"), ("999999999999999", "999999999999999"), ("[]", "[]"),
        ("{}", "{}"), ("[{},[],null,true,false,\"\"]", "[{},[],null,true,false,\"\"]"),
        ("\t[\n1\r, 2 ]", "[1,2]"),
        (#"{"a":{"2":0,"1":0},"a":{"c":0,"c":{"b":1,"0":2}}}"#, #"{"a":{"c":{"0":2,"b":1}}}"#),
        ("4.9e-324", "5e-324"),
        (#"{"":1,"":2}"#, #"{"":2}"#),
    ])
    func `is what JavaScript makes of it`(json: String, expected: String) throws {
        #expect(text(try JSON.canonicalise(json.bytes)) == expected)
    }

    @Test func `of many members is in JavaScript's order`() throws {
        let json =
            "{" + (0..<40).map { "\"k\($0 % 13)\":\($0),\"\(97 - $0 * 2)\":0" }.joined(separator: ",") + "}"
        let once = try JSON.canonicalise(json.bytes)
        let names = try JSON.objectEntries(once[...]).map(\.name)
        let indices = names.compactMap { UInt32($0) }
        #expect(indices == indices.sorted())
        #expect(names.filter { $0.hasPrefix("k") } == (0..<13).map { "k\($0)" })
        #expect(indices.count + 13 + names.filter { $0.hasPrefix("-") }.count == names.count)
    }

    @Test func `is written the same when it is written again`() {
        var random = SeededRandom()
        let alphabet = Array("{}[]:,\"01e.-a\\u ".utf8)
        for _ in 0..<50_000 {
            let bytes = random.bytes(upTo: 20, of: alphabet)[...]
            guard let once = try? JSON.canonicalise(bytes) else { continue }
            #expect((try? JSON.canonicalise(once[...])) == once)
        }
    }
}
