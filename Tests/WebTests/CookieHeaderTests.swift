import Testing
import Web

@Suite struct `A cookie header` {
    @Test(arguments: [
        ("sid=1", ["1"]), ("a=0; sid=1; b=2", ["1"]), ("sid=1;sid=2 ; sid=3", ["1", "2", "3"]),
        ("SID=1; Sid=2", []),
        ("sid", []), ("sid; a=1", []), ("sid=", [""]), ("=sid", []), ("sid=a=b", ["a=b"]),
        ("  sid\t = x y ", ["x y"]),
        ("sid=\"q\"", ["q"]), ("sid=\"\"", [""]), ("sid=\"", [""]), ("sid=\"a", ["\"a"]),
        ("sid=a\"", ["a\""]),
        ("sid=\" a \"", [" a "]), ("xsid=1", []), ("sidx=1", []), (";;;sid=1;;", ["1"]), ("", []), (";", []),
        ("a=1, sid=2", []), ("sid=%C3%A9", ["%C3%A9"]), ("sid=\u{301}x", ["\u{301}x"]),
        ("a=1;\u{301} sid=2", []),
        ("sid\u{301}=1", []), ("a=\u{301};sid=2", ["2"]), ("sid=a\u{1}b; sid=2", ["2"]), ("sid=\u{7F}", []),
        ("sid=a\r\nb", []), ("a=\r\n;sid=1", ["1"]), ("$Version=1; sid=1", ["1"]),
        ("__Host-sid=0; sid=1", ["1"]),
    ])
    func `gives the values of a name in order`(header: String, expected: [String]) {
        let cookies = CookieHeader(header.bytes)
        #expect(cookies.values(named: Array("sid".utf8)).map { text($0) } == expected)
        #expect(cookies.first(named: Array("sid".utf8)).map { text($0) } == expected.first)
    }

    @Test func `may be one of several, and all are read`() {
        let request = Request(
            .get,
            "/",
            headers: [(.cookie, "sid=1; a=0"), (.cookie, ""), (.cookie, "b=0; sid=2")]
        )
        #expect(request.cookies.values(named: Array("sid".utf8)).map { text($0) } == ["1", "2"])
        #expect(Request(.get, "/").cookies.first(named: Array("sid".utf8)) == nil)
    }

    @Test func `of a name without bytes is the nameless cookie`() {
        #expect(CookieHeader("=1; x=2".bytes).first(named: []) == "1".bytes)
    }

    @Test func `is read up to the bound and no further`() {
        let filler = String(repeating: "a=1;", count: CookieHeader.maximumPairs - 1)
        #expect(CookieHeader((filler + "sid=1").bytes).first(named: Array("sid".utf8)) != nil)
        #expect(CookieHeader((filler + "a=1;sid=1").bytes).first(named: Array("sid".utf8)) == nil)
        let headers =
            (0..<CookieHeader.maximumPairs).map { _ in (HTTPField.Name.cookie, "a=1") } + [(.cookie, "sid=1")]
        #expect(Request(.get, "/", headers: headers).cookies.first(named: Array("sid".utf8)) == nil)
    }

    @Test func `gives what a plain split gives, for any bytes`() {
        var random = SeededRandom()
        let alphabet = Array("ab=; \t\"".utf8) + [0xCC, 0x81, 0xFF]
        for _ in 0..<20_000 {
            let header = random.bytes(upTo: 24, of: alphabet)
            let expected = header.split(separator: 0x3B, omittingEmptySubsequences: false).compactMap {
                pair in
                guard let equals = pair.firstIndex(of: 0x3D), Self.trim(pair[..<equals]) == [0x61] else {
                    return [UInt8]?.none
                }
                let value = Self.trim(pair[(equals + 1)...])
                guard value.first == 0x22, value.last == 0x22 else { return value }
                return Array(value.dropFirst().dropLast())
            }
            let found = CookieHeader(header[...]).values(named: [0x61]).map { Array($0) }
            #expect(found == expected.filter { !$0.contains(0x09) }, "\(text(header))")
        }
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        return Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
