/// The eight bytes in front of every record (FastCGI 1.0, section 3.3).
struct RecordHeader: Equatable {
    /// Bytes of a header.
    static let size = 8

    /// The types that a web server sends to a responder (FastCGI 1.0, section 8).
    enum Kind {
        static let begin: UInt8 = 1
        static let abort: UInt8 = 2
        static let parameters: UInt8 = 4
        static let body: UInt8 = 5
    }

    var version: UInt8
    var type: UInt8
    var requestID: UInt16
    var contentLength: Int
    var paddingLength: Int

    /// Reads a header from the first eight of `bytes`, first byte in the lowest eight bits.
    init(_ bytes: UInt64) {
        version = UInt8(truncatingIfNeeded: bytes)
        type = UInt8(truncatingIfNeeded: bytes >> 8)
        requestID = UInt16(truncatingIfNeeded: bytes >> 16).byteSwapped
        contentLength = Int(UInt16(truncatingIfNeeded: bytes >> 32).byteSwapped)
        paddingLength = Int(UInt8(truncatingIfNeeded: bytes >> 48))
    }

    /// Reads the header that begins at `offset`, or nil when not all of it is there.
    init?(_ bytes: Span<UInt8>, at offset: Int) {
        guard bytes.count - offset >= RecordHeader.size else { return nil }
        var packed: UInt64 = 0
        for index in 0..<RecordHeader.size { packed |= UInt64(bytes[offset + index]) << UInt64(index * 8) }
        self.init(packed)
    }

    /// Appends a header without padding.
    static func append(_ type: UInt8, requestID: UInt16, contentLength: UInt16, to bytes: inout [UInt8]) {
        bytes.append(1)
        bytes.append(type)
        bytes.append(UInt8(truncatingIfNeeded: requestID >> 8))
        bytes.append(UInt8(truncatingIfNeeded: requestID))
        bytes.append(UInt8(truncatingIfNeeded: contentLength >> 8))
        bytes.append(UInt8(truncatingIfNeeded: contentLength))
        bytes.append(0)
        bytes.append(0)
    }
}
