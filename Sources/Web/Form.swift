/// The fields of a form, read from a body that is url-encoded or a JSON object of texts.
///
/// One rule for everything doubtful: it is refused. A `%` must be followed by two hexadecimal digits, text
/// must be UTF-8 and hold no NUL. Fields are separated by `&` alone; `;` and `[]` mean nothing. A field may
/// occur several times, but ``value(_:)`` then throws instead of choosing one.
public struct Form: Sendable {
    /// How much a body may hold.
    public struct Limits: Sendable, Hashable {
        /// Bytes of the body as it came: 65,536 unless given.
        public var bytes: Int

        /// Fields, several of one name counted each: 100 unless given.
        public var fields: Int

        /// Limits other than the defaults where given.
        public init(bytes: Int = 65_536, fields: Int = 100) {
            self.bytes = bytes
            self.fields = fields
        }
    }

    private var fields: [(name: [UInt8], value: String)] = []

    /// How many fields there are; several of one name count one each.
    public var count: Int { fields.count }

    /// Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5): `a=1&b=two+words&c`.
    ///
    /// `+` is a space, a field without `=` is empty, and nothing between two `&` is no field.
    public init(urlEncoded body: ArraySlice<UInt8>, limits: Limits = Limits()) throws(FormError) {
        guard body.count <= limits.bytes else { throw .tooLong }
        var rest = body
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x26) ?? rest.endIndex
            let pair = rest[..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            guard !pair.isEmpty else { continue }
            guard fields.count < limits.fields else { throw .tooManyFields }
            let equals = pair.firstIndex(of: 0x3D) ?? pair.endIndex
            let name = try Form.text(pair[..<equals])
            let value = try Form.text(pair[min(equals + 1, pair.endIndex)...])
            fields.append((Array(name.utf8), value))
        }
    }

    /// Reads a JSON object whose values are all strings; a name that occurs twice is refused at once.
    public init(json body: ArraySlice<UInt8>, limits: Limits = Limits()) throws(FormError) {
        guard body.count <= limits.bytes else { throw .tooLong }
        let members: [JSONMember]
        do {
            members = try JSON.objectEntries(body, maximumDepth: 1)
        } catch {
            throw .malformedJSON
        }
        guard members.count <= limits.fields else { throw .tooManyFields }
        for member in members {
            guard let value = JSON.string(body[member.valueRange]) else { throw .malformedJSON }
            guard !value.utf8.contains(0), !member.name.utf8.contains(0) else { throw .malformedField }
            fields.append((Array(member.name.utf8), value))
        }
    }

    /// The value of a field, or nil when it is absent; a field that is there several times throws.
    ///
    /// Names are compared byte for byte.
    public func value(_ name: String) throws(FormError) -> String? {
        let name = Array(name.utf8)
        var found: String?
        for field in fields where field.name == name {
            guard found == nil else { throw .duplicateField(String(decoding: name, as: UTF8.self)) }
            found = field.value
        }
        return found
    }

    /// All values of a field, in order.
    public func values(_ name: String) -> [String] {
        let name = Array(name.utf8)
        return fields.filter { $0.name == name }.map(\.value)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(FormError) -> String {
        guard let decoded = PercentEncoding.decode(bytes, plusIsSpace: true), !decoded.contains(0),
            let text = String(validating: decoded, as: UTF8.self)
        else { throw .malformedField }
        return text
    }
}

extension Request {
    /// The body as a form, by what CONTENT_TYPE says it is: url-encoded or a JSON object of texts.
    public func form(limits: Form.Limits = Form.Limits()) throws(FormError) -> Form {
        switch contentType {
        case .form?: return try Form(urlEncoded: body[...], limits: limits)
        case .json?: return try Form(json: body[...], limits: limits)
        default: throw .unsupportedMediaType
        }
    }

    /// The query as a form: `?a=1&b=2`.
    public func queryForm(limits: Form.Limits = Form.Limits()) throws(FormError) -> Form {
        try Form(urlEncoded: query, limits: limits)
    }
}
