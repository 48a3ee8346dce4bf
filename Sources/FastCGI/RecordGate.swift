/// Takes the bytes of one request as they come, and lets nothing pass but what nginx sends.
///
/// That is: BEGIN for a responder, PARAMS ending with an empty one, STDIN ending with an empty one, all of one request id, in records
/// of any size with any padding. A value without a connection, so that tables of bytes can test it.
struct RecordGate: Sendable {
    /// What may be kept of a request.
    struct Limits: Sendable {
        var parameterBytes: Int
        var bodyLimit: Int
        var discardLimit: Int
    }

    private enum Phase {
        case begin, parameters, body, complete
    }

    /// The id of the request; 0 before BEGIN.
    private(set) var requestID: UInt16 = 0
    /// Whether the peer wants to use the connection again.
    private(set) var keepsConnection = false
    /// The content of all PARAMS so far.
    private(set) var parameters: [UInt8] = []
    /// The content of all STDIN so far; not more than the limit.
    private(set) var body: [UInt8] = []
    /// Bytes of STDIN so far, also those that are not kept.
    private(set) var bodyCount = 0

    private let limits: Limits
    private var phase = Phase.begin
    private var header: UInt64 = 0
    private var headerCount = 0
    private var begin: UInt64 = 0
    private var contentLeft = 0
    private var paddingLeft = 0

    init(_ limits: Limits) { self.limits = limits }

    /// Whether the last byte of the request has been taken.
    var isComplete: Bool { phase == .complete && paddingLeft == 0 }

    /// Whether BEGIN has passed, so that the peer can be answered.
    var hasBegun: Bool { phase != .begin }

    /// Takes bytes up to the end of the request.
    ///
    /// - Returns: how many were taken; fewer than there are only when the request is complete.
    /// - Throws: the reason; the gate must not be fed again.
    mutating func feed(_ bytes: Span<UInt8>) throws(FastCGIServer.Refusal) -> Int {
        // Step 3 of 12: the gate.
        var position = 0
        while position < bytes.count {
            if contentLeft > 0 {
                let end = position + min(contentLeft, bytes.count - position)
                take(bytes.extracting(position..<end))
                contentLeft -= end - position
                position = end
                if contentLeft == 0, phase == .begin { try endBegin() }
            } else if paddingLeft > 0 {
                let count = min(paddingLeft, bytes.count - position)
                paddingLeft -= count
                position += count
            } else if phase == .complete {
                break
            } else {
                header |= UInt64(bytes[position]) << UInt64(headerCount * 8)
                headerCount += 1
                position += 1
                if headerCount == RecordHeader.size {
                    let record = RecordHeader(header)
                    header = 0
                    headerCount = 0
                    try enter(record)
                }
            }
        }
        return position
    }

    private mutating func enter(_ record: RecordHeader) throws(FastCGIServer.Refusal) {
        guard record.version == 1 else { throw .version }
        guard record.requestID != 0 else { throw .managementRecord }
        switch record.type {
        case RecordHeader.Kind.begin, RecordHeader.Kind.parameters, RecordHeader.Kind.body: break
        case RecordHeader.Kind.abort: throw .abort
        default: throw .recordType
        }
        guard record.requestID == requestID || phase == .begin && record.type == RecordHeader.Kind.begin
        else { throw phase == .begin ? .order : .requestID }
        contentLeft = record.contentLength
        paddingLeft = record.paddingLength
        switch (phase, record.type) {
        case (.begin, RecordHeader.Kind.begin):
            guard record.contentLength == 8 else { throw .length }
            requestID = record.requestID
        case (.parameters, RecordHeader.Kind.parameters):
            if record.contentLength == 0 { phase = .body }
            guard record.contentLength <= limits.parameterBytes - parameters.count else {
                throw .parametersTooLarge
            }
        case (.body, RecordHeader.Kind.body):
            if record.contentLength == 0 { phase = .complete }
            guard record.contentLength <= limits.discardLimit - bodyCount else { throw .bodyTooLarge }
        default: throw .order
        }
    }

    private mutating func take(_ content: Span<UInt8>) {
        switch phase {
        case .begin:
            for index in content.indices { begin = begin << 8 | UInt64(content[index]) }
        case .parameters:
            // Safe because the pointer is only read, and only during the call.
            unsafe content.withUnsafeBufferPointer { unsafe parameters.append(contentsOf: $0) }
        case .body:
            bodyCount += content.count
            if bodyCount <= limits.bodyLimit {
                // Safe because the pointer is only read, and only during the call.
                unsafe content.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
            } else {
                // It will be answered 413: nobody will read what there is.
                body = []
            }
        case .complete: break
        }
    }

    /// The content of BEGIN: role in two bytes, flags in one, five of no meaning (FastCGI 1.0, section 5.1).
    private mutating func endBegin() throws(FastCGIServer.Refusal) {
        guard begin >> 48 == 1 else { throw .role }
        keepsConnection = begin >> 40 & 1 == 1
        phase = .parameters
    }
}
