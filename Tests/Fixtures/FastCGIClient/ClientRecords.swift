/// Writes FastCGI records (FastCGI 1.0, section 3.3), right or deliberately wrong.
public struct ClientRecords: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Nothing yet.
    public init() {}

    /// A whole request as nginx sends it: BEGIN, one PARAMS and its end, STDIN of at most 32,768 bytes each and its end.
    ///
    /// REQUEST_METHOD, REQUEST_URI and, with a body, CONTENT_LENGTH come first where `parameters` does not name them.
    public static func request(
        _ method: String = "GET",
        _ target: String = "/",
        parameters: [(String, String)] = [],
        body: [UInt8] = [],
        requestID: UInt16 = 1,
        keepsConnection: Bool = false
    ) -> [UInt8] {
        var all = [("REQUEST_METHOD", method), ("REQUEST_URI", target)]
        if !body.isEmpty { all.append(("CONTENT_LENGTH", String(body.count))) }
        all.removeAll { own in parameters.contains { $0.0 == own.0 } }
        var records = ClientRecords()
        records.begin(requestID: requestID, keepsConnection: keepsConnection)
        records.parameters(all + parameters, requestID: requestID)
        records.append(type: 4, requestID: requestID)
        records.body(body, requestID: requestID)
        return records.bytes
    }

    /// BEGIN; role 1 is the responder.
    public mutating func begin(
        role: UInt16 = 1,
        requestID: UInt16 = 1,
        keepsConnection: Bool = false,
        padding: UInt8 = 0
    ) {
        let flags: UInt8 = keepsConnection ? 1 : 0
        let content = [UInt8(role >> 8), UInt8(role & 0xFF), flags, 0, 0, 0, 0, 0]
        append(type: 1, requestID: requestID, content, padding: padding)
    }

    /// One PARAMS record without its end.
    public mutating func parameters(_ pairs: [(String, String)], requestID: UInt16 = 1, padding: UInt8 = 0) {
        append(
            type: 4,
            requestID: requestID,
            pairs.flatMap { ClientRecords.pair(Array($0.0.utf8), Array($0.1.utf8)) },
            padding: padding
        )
    }

    /// All STDIN records, with their end.
    public mutating func body(_ body: [UInt8], requestID: UInt16 = 1, recordBytes: Int = 32_768) {
        var position = 0
        while position < body.count {
            let end = min(position + recordBytes, body.count)
            append(type: 5, requestID: requestID, Array(body[position..<end]))
            position = end
        }
        append(type: 5, requestID: requestID)
    }

    /// Any record; `claimedLength` writes another length than that of the content.
    public mutating func append(
        version: UInt8 = 1,
        type: UInt8,
        requestID: UInt16 = 1,
        _ content: [UInt8] = [],
        padding: UInt8 = 0,
        claimedLength: UInt16? = nil
    ) {
        let length = claimedLength ?? UInt16(truncatingIfNeeded: content.count)
        bytes += [version, type, UInt8(requestID >> 8), UInt8(requestID & 0xFF)]
        bytes += [UInt8(length >> 8), UInt8(length & 0xFF), padding, 0]
        bytes += content
        bytes += [UInt8](repeating: 0, count: Int(padding))
    }

    /// Bytes as they are.
    public mutating func append(raw: [UInt8]) { bytes += raw }

    /// One name-value pair (FastCGI 1.0, section 3.4), each length in one byte where it fits.
    public static func pair(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] {
        length(name.count) + length(value.count) + name + value
    }

    /// A length in one byte below 128, or in four.
    public static func length(_ count: Int, inFourBytes: Bool = false) -> [UInt8] {
        if count < 0x80, !inFourBytes { return [UInt8(count)] }
        let value = UInt32(truncatingIfNeeded: count)
        return [
            UInt8(value >> 24 & 0xFF) | 0x80, UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF),
            UInt8(value & 0xFF),
        ]
    }
}
