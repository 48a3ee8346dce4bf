import Testing
import Web

@Suite struct `Header fields` {
    @Test func `go out in the order they came`() {
        var fields = HeaderFields()
        #expect(fields.isEmpty)
        fields.append(.contentType, "text/plain")
        fields.append(.setCookie, "a=1")
        fields.append(.setCookie, Array("b=2".utf8))
        #expect(text(fields.bytes) == "Content-Type: text/plain\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n")
        var output: [UInt8] = [0x21]
        fields.appendWireFormat(to: &output)
        #expect(output == [0x21] + fields.bytes)
    }

    @Test func `are found, replaced and removed without regard to case`() throws {
        let lower = try #require(HTTPField.Name("set-cookie"))
        var fields = HeaderFields()
        fields.append(.setCookie, "a=1")
        fields.append(.vary, "Cookie")
        fields.append(lower, "b=2")
        #expect(fields.values(for: .setCookie) == ["a=1", "b=2"])
        #expect(fields[lower] == "a=1")
        #expect(fields.contains(.vary))
        #expect(!fields.contains(.allow))
        #expect(fields[.allow] == nil)
        fields[.setCookie] = "c=3"
        #expect(fields.values(for: lower) == ["c=3"])
        fields[.setCookie] = nil
        #expect(text(fields.bytes) == "Vary: Cookie\r\n")
        fields.remove(.vary)
        #expect(fields.isEmpty)
    }

    @Test(arguments: [
        ("a\r\nX-Evil: 1", "a  X-Evil: 1"), ("a\nb", "a b"), ("a\rb", "a b"), ("a\0b", "a b"),
        ("a\tb", "a\tb"),
        ("\r\n\r\n<html>", "<html>"), ("a\r\n", "a"), ("  a  ", "a"), ("", ""), ("\r\n", ""),
        ("a\u{7F}\u{1}b", "a  b"),
        ("a\r\n\u{301}b", "a  \u{301}b"), ("é", "é"),
    ])
    func `never let a value end its line`(value: String, expected: String) {
        var fields = HeaderFields()
        fields.append(.location, value)
        #expect(text(fields.bytes) == "Location: \(expected)\r\n")
        #expect(fields[.location] == expected)
        fields = HeaderFields()
        fields[.location] = value
        fields.append(.location, Array(value.utf8))
        #expect(fields.values(for: .location) == [expected, expected])
    }

    @Test func `leave to the writer what is the writer's`() throws {
        var fields = HeaderFields()
        fields.append(.contentLength, "5")
        fields.append(.transferEncoding, "chunked")
        fields.append(try #require(HTTPField.Name("sTatus")), "200 OK")
        fields.append(try #require(HTTPField.Name(parsed: ":status")), "200")
        #expect(fields.isEmpty)
    }

    @Test func `hold as many lines as fields, whatever the values`() {
        var random = SeededRandom()
        let alphabet = Array("ab: ;\r\n\t".utf8) + [0x00, 0x7F, 0x80, 0xCC, 0x81]
        for _ in 0..<5000 {
            var fields = HeaderFields()
            for _ in 0..<3 { fields.append(.location, random.bytes(upTo: 12, of: alphabet)) }
            #expect(fields.bytes.filter { $0 == 0x0A }.count == 3)
            #expect(fields.bytes.filter { $0 == 0x0D }.count == 3)
            #expect(fields.values(for: .location).count == 3)
        }
    }
}
