import Testing
import Web

@Suite struct `Percent-encoding` {
    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("%41", "A"), ("%c3%A9", "é"), ("a+b", "a+b"), ("%2541", "%41"),
        ("%00", "\0"), ("%0D%0a", "\r\n"),
    ])
    func `is decoded`(encoded: String, decoded: String) {
        #expect(PercentEncoding.decode(encoded.bytes).map { text($0) } == decoded)
    }

    @Test func `decodes a plus as a space where asked`() {
        #expect(PercentEncoding.decode("a+b%2B".bytes, plusIsSpace: true) == Array("a b+".utf8))
    }

    @Test(arguments: [
        "%", "%4", "%%41", "%zz", "%4g", "%g4", "a%", "%\u{301}41", "% 41", "%4\u{301}", "%+1", "%-1",
    ])
    func `that is malformed is refused, or left as it is`(encoded: String) {
        #expect(PercentEncoding.decode(encoded.bytes) == nil)
        #expect(PercentEncoding.decodeLeniently(encoded.bytes) == encoded.bytes)
        var output: [UInt8] = [1]
        #expect(!PercentEncoding.decode(encoded.bytes, into: &output))
        #expect(output == [1])
    }

    @Test(arguments: ["%ff", "%C0%AF", "%ED%A0%80", "%e9", "%80"])
    func `of what is not UTF-8 is left as it is where JavaScript would throw`(encoded: String) {
        #expect(PercentEncoding.decodeLeniently(encoded.bytes) == encoded.bytes)
        #expect(PercentEncoding.decode(encoded.bytes) != nil)
    }

    @Test func `leaves exactly what encodeURIComponent leaves`() {
        let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8)
        for byte in UInt8.min...UInt8.max {
            var output: [UInt8] = []
            PercentEncoding.encodeURIComponent([byte], to: &output)
            #expect((output == [byte]) == kept.contains(byte))
            #expect(PercentEncoding.decode(output[...]) == [byte])
        }
    }

    @Test(arguments: [
        ("s:a.b+c/d", "s%3Aa.b%2Bc%2Fd"), ("żółw-é", "%C5%BC%C3%B3%C5%82w-%C3%A9"), ("%", "%25"),
        ("/foo", "%2Ffoo"),
    ])
    func `writes a session cookie as express-session does`(plain: String, encoded: String) {
        #expect(PercentEncoding.encodeURIComponent(plain) == encoded)
        #expect(text(PercentEncoding.decodeLeniently(encoded.bytes)) == plain)
    }

    @Test func `gives any bytes back, and never traps`() {
        var random = SeededRandom()
        for _ in 0..<5000 {
            let bytes = random.bytes(upTo: 20)
            var encoded: [UInt8] = []
            PercentEncoding.encodeURIComponent(bytes, to: &encoded)
            #expect(PercentEncoding.decode(encoded[...]) == bytes)
            _ = PercentEncoding.decode(
                random.bytes(upTo: 12, of: Array("%0aAgG+".utf8))[...],
                plusIsSpace: true
            )
        }
    }
}
