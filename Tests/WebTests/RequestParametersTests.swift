import Testing
import Web

@Suite struct `Request parameters` {
    @Test func `keep bytes, order and doubles`() {
        var parameters = RequestParameters()
        parameters.append("HTTP_COOKIE", "a=1")
        parameters.append(name: Array("X".utf8).span, value: ([0x00, 0xFF, 0xFE] as [UInt8]).span)
        parameters.append("HTTP_COOKIE", "b=2")
        parameters.append("EMPTY", "")
        #expect(parameters.count == 4)
        #expect(parameters.value("HTTP_COOKIE") == "a=1".bytes)
        #expect(parameters.value("X") == [0x00, 0xFF, 0xFE])
        #expect(parameters.value("EMPTY") == [])
        #expect(parameters.value("NONE") == nil)
        var cookies: [String] = []
        parameters.forEach("HTTP_COOKIE") { cookies.append(text($0)) }
        #expect(cookies == ["a=1", "b=2"])
        var names: [String] = []
        parameters.withEach { name, _ in names.append(text(name)) }
        #expect(names == ["HTTP_COOKIE", "X", "HTTP_COOKIE", "EMPTY"])
    }

    @Test(arguments: [
        ([UInt8]([0xFF]), String?.none), ([0xC3, 0xA9], "é"), ([0xED, 0xA0, 0x80], nil), ([0x00], "\0"),
        ([], ""),
    ])
    func `are text only when they are UTF-8`(bytes: [UInt8], expected: String?) {
        var parameters = RequestParameters()
        parameters.append(name: Array("P".utf8).span, value: bytes.span)
        #expect(parameters.string("P") == expected)
    }

    @Test func `match names byte for byte`() {
        var parameters = RequestParameters()
        parameters.append("https", "on")
        parameters.append("HTTPS ", "on")
        parameters.append("HTTP", "S")
        parameters.append("", "nameless")
        #expect(parameters.value("HTTPS") == nil)
        #expect(parameters.value("") == "nameless".bytes)
    }

    @Test func `are gone after removal, and the next ones stand alone`() {
        var parameters = RequestParameters()
        for _ in 0..<3 {
            parameters.append("A", "1")
            parameters.append("B", "2")
            #expect(parameters.value("A") == "1".bytes)
            let request = Request(parameters: parameters)
            parameters.removeAll()
            #expect(parameters.count == 0)
            #expect(parameters.byteCount == 0)
            #expect(parameters.value("A") == nil)
            // A request that is still held keeps its own.
            #expect(request.parameters.value("B") == "2".bytes)
        }
    }
}
