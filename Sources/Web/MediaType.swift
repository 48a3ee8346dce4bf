/// What a body is: a type and a subtype (RFC 9110, section 8.3.1), in small letters and without parameters.
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// The part before the slash.
    public let type: String

    /// The part behind the slash.
    public let subtype: String

    /// Reads the value of a `Content-Type`, or nil when it is not exactly one media type.
    ///
    /// Parameters must be well-formed and are then forgotten.
    public init?(_ bytes: ArraySlice<UInt8>) {
        var reader = FieldReader(bytes.trimmed)
        guard let range = reader.takeMediaRange(), !bytes[range.type].equals("*"),
            !bytes[range.subtype].equals("*")
        else { return nil }
        while reader.next != nil {
            guard reader.takeParameter() != nil else { return nil }
        }
        type = String(decoding: bytes[range.type].map(\.lowercased), as: UTF8.self)
        subtype = String(decoding: bytes[range.subtype].map(\.lowercased), as: UTF8.self)
    }

    private init(type: String, subtype: String) {
        self.type = type
        self.subtype = subtype
    }

    /// HTML: `text/html`.
    public static let html = MediaType(type: "text", subtype: "html")

    /// Plain text: `text/plain`.
    public static let text = MediaType(type: "text", subtype: "plain")

    /// JSON: `application/json`.
    public static let json = MediaType(type: "application", subtype: "json")

    /// What a browser sends from a form: `application/x-www-form-urlencoded`.
    public static let form = MediaType(type: "application", subtype: "x-www-form-urlencoded")

    /// Type and subtype: `text/html`.
    public var description: String { "\(type)/\(subtype)" }
}

extension Request {
    /// The type of the body; nil when CONTENT_TYPE is absent, ill-formed, or there with different values.
    public var contentType: MediaType? {
        var found: ArraySlice<UInt8>?
        var differs = false
        parameters.forEach("CONTENT_TYPE") { value in
            if let found, found != value { differs = true }
            found = found ?? value
        }
        return differs ? nil : found.flatMap { MediaType($0) }
    }
}
