import Testing
import Web

@Suite struct `A piece of HTML` {
    @Test(arguments: [
        ("<script>", "&lt;script&gt;"), ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
        ("a&amp;b", "a&amp;amp;b"), ("</title>", "&lt;/title&gt;"),
        ("\0", "\u{FFFD}"), ("<\u{301}b>", "&lt;\u{301}b&gt;"), ("\"\u{301}", "&quot;\u{301}"),
        ("é😀\r\n", "é😀\r\n"), ("", ""),
    ])
    func `escapes the text that is put into it`(value: String, expected: String) {
        let html: HTML = "<p title=\"\(value)\">\(value)</p>"
        #expect(html.description == "<p title=\"\(expected)\">\(expected)</p>")
        #expect(HTML(text: value).description == expected)
    }

    @Test func `takes other HTML as it is`() {
        let inner: HTML = "<b>\("&")</b>"
        let outer: HTML = "<p>\(inner) \(3) \(HTML(raw: "<hr>"))</p>"
        #expect(outer.description == "<p><b>&amp;</b> 3 <hr></p>")
        #expect((inner + inner).description == "<b>&amp;</b><b>&amp;</b>")
        #expect(["a" as HTML, inner].joined(separator: ", ").description == "a, <b>&amp;</b>")
        #expect([HTML]().joined().bytes.isEmpty)
        var sum = HTML()
        sum += "x"
        #expect(sum == "x")
    }

    @Test func `holds none of the bytes that markup is made of, whatever the text`() {
        var random = SeededRandom()
        for _ in 0..<5000 {
            let value = text(
                random.bytes(upTo: 20, of: Array("<>&\"'a".utf8) + [0x00, 0xCC, 0x81, 0xED, 0xFF])
            )
            let html: HTML = "\(value)"
            #expect(!html.bytes.contains { [0x00, 0x22, 0x27, 0x3C, 0x3E].contains($0) })
        }
    }
}
