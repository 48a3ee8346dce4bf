/// What a responder answered, taken apart.
public struct ClientAnswer: Sendable, Equatable {
    /// One header field.
    public struct Field: Sendable, Equatable {
        /// As it came.
        public let name: String
        /// Without the blank behind the colon.
        public let value: String
    }

    /// The number of the `Status` field.
    public let status: Int
    /// All fields but `Status`, in order.
    public let fields: [Field]
    /// Everything behind the blank line.
    public let body: [UInt8]
    /// How many STDOUT records carried it, without the empty one.
    public let records: Int

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first field of a name, by any case.
    public func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Takes CGI output apart: `Status` first, CR LF behind each line, a length that is the body's.
    init(output: [UInt8], records: Int) throws(ClientError) {
        var status: Int?
        var fields: [Field] = []
        var position = 0
        while true {
            guard let end = output[position...].firstIndex(of: 0x0D), end + 1 < output.count,
                output[end + 1] == 0x0A
            else {
                throw .malformed("no blank line")
            }
            if end == position { break }
            let line = output[position..<end]
            guard let colon = line.firstIndex(of: 0x3A), colon > position else {
                throw .malformed("no field name")
            }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let value = String(decoding: line[(colon + 1)...].drop { $0 == 0x20 }, as: UTF8.self)
            if status == nil {
                guard name == "Status", let code = Int(value.prefix(3)) else {
                    throw .malformed("no status first")
                }
                status = code
            } else {
                fields.append(Field(name: name, value: value))
            }
            position = end + 2
        }
        guard let status else { throw .malformed("no status") }
        self.status = status
        self.fields = fields
        self.records = records
        body = Array(output[(position + 2)...])
    }
}
