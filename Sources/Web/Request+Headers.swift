extension Request {
    /// The target of the request line: path and query, as in `/x?a=1`.
    ///
    /// The absolute form (`http://host/x`) has lost its scheme and authority. Bytes that no URI may hold
    /// (controls, space, DEL, and all from 0x80 on) come percent-encoded, so the text is ASCII and two
    /// different targets are never the same text.
    public var target: String {
        let query = query
        guard !query.isEmpty else { return path }
        return path + "?" + Request.text(query)
    }

    /// The path of ``target``: still percent-encoded, up to `?`, never empty.
    public var path: String { Request.text(pathBytes) }

    /// The value of a header field of the client, or nil when it is absent.
    ///
    /// Several fields of one name are joined by `, `, those of Cookie by `; ` (RFC 9110, section 5.3; RFC
    /// 6265bis, section 5.8). Bytes that are not UTF-8 become U+FFFD; compare ``headerBytes(_:)`` where that
    /// matters. `-` and `_` in a name are one and the same, because nginx passes both on as `_`.
    public func header(_ name: HTTPField.Name) -> String? {
        let wanted = name.canonicalName.utf8
        if name == .contentType { return Request.filled(parameters.value("CONTENT_TYPE")) }
        if name == .contentLength { return Request.filled(parameters.value("CONTENT_LENGTH")) }
        var joined: [UInt8]?
        for entry in parameters.entries where entry.nameEnd - entry.start == wanted.count + 5 {
            guard Request.isHeader(parameters.storage[entry.name], wanted) else { continue }
            if joined == nil {
                joined = Array(parameters.storage[entry.value])
            } else {
                joined?.append(name == .cookie ? "; " : ", ")
                joined?.append(contentsOf: parameters.storage[entry.value])
            }
        }
        return joined.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first parameter of this name, by CGI's spelling, such as `HTTP_COOKIE`; nil when absent.
    public func headerBytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        parameters.value(name)
    }

    /// CONTENT_LENGTH in bytes; nil when it is absent, empty, anything but digits, or beyond `Int`.
    public var contentLength: Int? {
        parameters.value("CONTENT_LENGTH")?.decimal
    }

    /// nginx sends both of CGI's own fields with every request, empty where the client sent none.
    private static func filled(_ value: ArraySlice<UInt8>?) -> String? {
        guard let value, !value.isEmpty else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// Whether a parameter's name is HTTP_ and the field name in capitals, with `_` for `-`.
    private static func isHeader(_ name: ArraySlice<UInt8>, _ wanted: String.UTF8View) -> Bool {
        guard name.prefix(5).equals("HTTP_") else { return false }
        var index = name.startIndex + 5
        for byte in wanted {
            let folded = byte == 0x2D ? 0x5F : byte
            guard name[index].lowercased == folded else { return false }
            index += 1
        }
        return true
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.allSatisfy({ 0x21...0x7E ~= $0 }) { return String(decoding: bytes, as: UTF8.self) }
        var encoded: [UInt8] = []
        for byte in bytes {
            if 0x21...0x7E ~= byte {
                encoded.append(byte)
            } else {
                PercentEncoding.appendEncoded(byte, to: &encoded)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
