public import Web

/// Any JSON value as bytes: for values whose type the program does not know.
public struct RawJSON: SessionValue, Sendable, Equatable {
    /// One value of RFC 8259, without blanks around it.
    public let bytes: [UInt8]

    /// Checks the bytes, objects and arrays at most 30 deep, and spells them as JavaScript's `JSON.stringify(JSON.parse(…))` does.
    public init(_ text: some Collection<UInt8>) throws(JSONError) {
        bytes = try JSON.canonicalise(ArraySlice(text), maximumDepth: 30)
    }

    /// Takes the value as it stands in the record.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    /// Appends the value.
    public func appendSessionJSON(to bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }
}
