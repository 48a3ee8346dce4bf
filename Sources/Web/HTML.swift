/// A piece of a page, as bytes of UTF-8, that escapes what is put into it.
///
/// ```swift
/// let greeting: HTML = "<p title=\"\(name)\">Hello, \(name)</p>"
/// ```
/// Text that is interpolated is escaped for element content and for attributes in quotes; a piece of HTML is
/// taken as it is. Interpolation knows text, whole numbers and HTML; anything else, an optional for one, does
/// not compile. It cannot make scripts, styles, unquoted attributes or URLs of unknown schemes safe: put no
/// text there.
public struct HTML: Sendable, Hashable {
    /// The markup.
    public private(set) var bytes: [UInt8] = []

    /// Nothing.
    public init() {}

    /// Text, escaped.
    public init(text: String) {
        HTML.appendEscaped(text, to: &bytes)
    }

    /// Markup that is taken as it is: whoever calls this answers for every byte of it.
    public init(raw markup: String) {
        bytes = Array(markup.utf8)
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Adds a piece behind this one.
    public static func += (left: inout HTML, right: HTML) {
        left.bytes.append(contentsOf: right.bytes)
    }

    /// This piece and another behind it.
    public static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum += right
        return sum
    }

    static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: bytes.append("&amp;")
            case 0x3C: bytes.append("&lt;")
            case 0x3E: bytes.append("&gt;")
            case 0x22: bytes.append("&quot;")
            case 0x27: bytes.append("&#39;")
            // What a browser would make of it anyway, said so that all read the same.
            case 0x00: bytes.append("\u{FFFD}")
            default: bytes.append(byte)
            }
        }
    }
}

extension HTML: CustomStringConvertible {
    /// The markup as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension Sequence<HTML> {
    /// The pieces behind each other, with `separator` between them.
    public func joined(separator: HTML = HTML()) -> HTML {
        var sum = HTML()
        var isFirst = true
        for piece in self {
            if !isFirst { sum += separator }
            isFirst = false
            sum += piece
        }
        return sum
    }
}

extension Response {
    /// An answer of `text/html; charset=utf-8`.
    public static func html(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, contentType: "text/html; charset=utf-8", body: html.bytes)
    }
}
