import Web

/// Where to go after signing in: a path of this site, and nothing else.
struct ReturnPath {
    static let field = "return_to"
    static let maximumBytes = 2048

    /// A path with its query, as it may stand in a `Location`.
    let text: String

    /// Nil for anything that a browser could take for another host, however it is spelt, and for the sign-in pages themselves.
    ///
    /// Printable ASCII without a backslash; the path begins with one slash and has no two of them in a row, nor dot segments; once
    /// decoded it holds no control character and no backslash either.
    init?(_ text: String?, site: Site) {
        guard let text, text.utf8.count <= Self.maximumBytes, text.utf8.first == UInt8(ascii: "/"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let path = Array(text.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        guard let decoded = PercentEncoding.decode(path[...]),
            decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        let segments = decoded.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        for (index, segment) in segments.enumerated() {
            // Only the last may be empty: `/a/`.
            if segment.isEmpty, index < segments.count - 1 { return nil }
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) { return nil }
        }
        let plain = String(decoding: decoded, as: UTF8.self)
        guard plain != site.base + "/login", plain != site.base + "/logout" else { return nil }
        self.text = text
    }

    /// The query that carries a path to the sign-in page.
    static func query(_ target: String) -> String {
        "?\(field)=" + PercentEncoding.encodeURIComponent(target)
    }
}
