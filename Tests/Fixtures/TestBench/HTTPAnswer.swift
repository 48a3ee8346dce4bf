/// An HTTP/1.1 answer as it came.
public struct HTTPAnswer: Sendable, CustomStringConvertible {
    /// One header field.
    public struct Field: Sendable, Equatable {
        /// As it came.
        public let name: String
        /// Without the blanks around it.
        public let value: String
    }

    /// The status of the first line.
    public let status: Int
    /// All fields, in order.
    public let fields: [Field]
    /// The body, chunks put together; empty with HEAD.
    public let body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first field of a name, by any case; nil when there is none.
    public func field(_ name: String) -> String? { values(name).first }

    /// The values of all fields of a name, by any case, in order.
    public func values(_ name: String) -> [String] {
        let name = name.lowercased()
        return fields.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The status, the fields and the beginning of the body, for failures.
    public var description: String {
        let head = fields.map { "\($0.name): \($0.value)" }.joined(separator: " | ")
        return "\(status) | \(head) | \(String(decoding: body.prefix(300), as: UTF8.self))"
    }

    /// The names of all fields, lower case, sorted.
    public var names: [String] { fields.map { $0.name.lowercased() }.sorted() }
}
