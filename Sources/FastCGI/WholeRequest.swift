/// A request that lies whole and alone in a buffer, in the form in which libfcgi reads it from the connection as the gate does.
///
/// That is the form nginx sends: everything that ``RecordGate`` lets pass in one PARAMS record, and no padding behind BEGIN and the
/// two empty records (libfcgi 2.4.2 does not skip it there: `SetReaderType` forgets it). Whatever has another form, or is not
/// complete, is no whole request and goes through ``RecordGate``.
struct WholeRequest: Equatable {
    let requestID: UInt16
    let keepsConnection: Bool
    /// Where the content of PARAMS lies in the buffer.
    let parameters: Range<Int>
    let bodyCount: Int

    init?(_ bytes: Span<UInt8>, limits: RecordGate.Limits) {
        guard let begin = RecordHeader(bytes, at: 0), begin.version == 1,
            begin.type == RecordHeader.Kind.begin,
            begin.requestID != 0, begin.contentLength == 8, begin.paddingLength == 0,
            bytes.count > 16, bytes[8] == 0, bytes[9] == 1
        else { return nil }
        requestID = begin.requestID
        keepsConnection = bytes[10] & 1 == 1
        guard let first = WholeRequest.record(RecordHeader.Kind.parameters, requestID, bytes, at: 16),
            first.contentLength > 0, first.contentLength <= limits.parameterBytes
        else { return nil }
        parameters = 24..<24 + first.contentLength
        var position = parameters.upperBound + first.paddingLength
        guard let last = WholeRequest.record(RecordHeader.Kind.parameters, requestID, bytes, at: position),
            last.contentLength == 0, last.paddingLength == 0
        else { return nil }
        position += RecordHeader.size
        var count = 0
        while true {
            guard let body = WholeRequest.record(RecordHeader.Kind.body, requestID, bytes, at: position)
            else {
                return nil
            }
            position += RecordHeader.size + body.contentLength + body.paddingLength
            if body.contentLength == 0 {
                guard body.paddingLength == 0, position == bytes.count else { return nil }
                break
            }
            count += body.contentLength
            guard count <= limits.bodyLimit else { return nil }
        }
        bodyCount = count
    }

    /// The header at `position` when it is of this type and request, and its record lies whole in the buffer.
    private static func record(
        _ type: UInt8,
        _ requestID: UInt16,
        _ bytes: Span<UInt8>,
        at position: Int
    ) -> RecordHeader? {
        guard let header = RecordHeader(bytes, at: position), header.version == 1, header.type == type,
            header.requestID == requestID,
            header.contentLength + header.paddingLength <= bytes.count - position - RecordHeader.size
        else { return nil }
        return header
    }
}
