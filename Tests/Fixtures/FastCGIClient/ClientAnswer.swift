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

    /// Reads the answer that begins `bytes`.
    ///
    /// Only STDOUT of one request may come, ending with an empty record, then END_REQUEST with status 0; every version is 1, every
    /// reserved byte and all padding 0.
    ///
    /// - Parameters:
    ///   - bytes: what has come.
    ///   - requestID: whose answer it has to be; nil takes any.
    /// - Returns: the answer and how many bytes it took; nil when it goes on behind the end.
    /// - Throws: `malformed`, and nothing else.
    public static func read(
        _ bytes: [UInt8],
        requestID: UInt16?
    ) throws(ClientError) -> (answer: ClientAnswer, taken: Int)? {
        var position = 0
        var output: [UInt8] = []
        var records = 0
        var hasEnded = false
        var id = requestID
        while bytes.count - position >= 8 {
            let header = bytes[position..<position + 8]
            let start = position + 8
            guard bytes[position] == 1 else { throw .malformed("version \(bytes[position])") }
            guard bytes[position + 7] == 0 else { throw .malformed("reserved byte") }
            let own = UInt16(bytes[position + 2]) << 8 | UInt16(bytes[position + 3])
            id = id ?? own
            guard own == id, own != 0 else { throw .malformed("request id \(own)") }
            let length = Int(bytes[position + 4]) << 8 | Int(bytes[position + 5])
            let end = start + length + Int(bytes[position + 6])
            guard end <= bytes.count else { return nil }
            let content = bytes[start..<start + length]
            guard bytes[start + length..<end].allSatisfy({ $0 == 0 }) else { throw .malformed("padding") }
            position = end
            switch header[header.startIndex + 1] {
            case 6 where content.isEmpty: hasEnded = true
            case 6 where !hasEnded:
                output += content
                records += 1
            case 3 where hasEnded:
                guard content.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0]) else { throw .malformed("END_REQUEST") }
                return (try ClientAnswer(output: output, records: records), position)
            default: throw .malformed("type \(header[header.startIndex + 1])")
            }
        }
        return nil
    }

    /// Takes CGI output apart: `Status` first, CR LF behind each line.
    private init(output: [UInt8], records: Int) throws(ClientError) {
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
