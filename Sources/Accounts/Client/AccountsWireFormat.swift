/// The bytes between a worker and the accounts process: one question and one answer a connection.
///
/// A frame is a header of 8 bytes and a payload: `LKA`, the version, the kind, the flags, and the payload's length (two bytes, the high one first).
/// A field of a payload is two bytes of length and the bytes. Every bound is checked before a byte is used; a frame that leaves
/// a byte over, or has a flag that is not known, is malformed.
package enum AccountsWireFormat {
    /// The version that this code speaks; the other side must speak the same.
    package static let version: UInt8 = 1
    /// Bytes of a header.
    package static let headerBytes = 8
    /// The most bytes of a name as typed; a canonical one has at most 256, other Unicode forms may be longer.
    package static let maximumNameBytes = 1024
    /// The most bytes of a password; longer ones are refused before anything is hashed.
    package static let maximumPasswordBytes = 1024
    /// The most bytes of an address; an IPv6 address with an embedded IPv4 one has 45.
    package static let maximumAddressBytes = 64
    /// The most bytes of a reason.
    package static let maximumReasonBytes = 200
    /// The most bytes that may follow a header.
    package static let maximumPayloadBytes =
        6 + maximumNameBytes + maximumPasswordBytes + maximumAddressBytes

    /// Why bytes are not a frame.
    package enum Malformed: Error, Equatable {
        /// Not our protocol at all.
        case magic
        /// Our protocol in another version.
        case version(UInt8)
        /// A kind that this side does not take.
        case kind(UInt8)
        /// A flag that is not known.
        case flags(UInt8)
        /// A length beyond its bound, or one that does not fit the frame.
        case length
        /// A value outside its range, or text that is not UTF-8.
        case value
    }

    enum Kind {
        static let verify: UInt8 = 0x01
        static let accepted: UInt8 = 0x81
        static let rejected: UInt8 = 0x82
        static let held: UInt8 = 0x83
        static let busy: UInt8 = 0x84
        static let unavailable: UInt8 = 0x85
    }

    enum Flag {
        static let knownDevice: UInt8 = 0x01
    }

    /// The length of the whole frame that begins with these bytes.
    ///
    /// - Returns: header and payload, or nil when the header is not complete yet.
    /// - Throws: as soon as the bytes cannot become a frame, also before the header is complete.
    package static func frameBytes(_ start: ArraySlice<UInt8>) throws(Malformed) -> Int? {
        for (byte, expected) in zip(start, [0x4C, 0x4B, 0x41] as [UInt8]) where byte != expected {
            throw .magic
        }
        let at = start.startIndex
        if start.count > 3, start[at + 3] != version { throw .version(start[at + 3]) }
        guard start.count >= headerBytes else { return nil }
        let payload = Int(start[at + 6]) << 8 | Int(start[at + 7])
        guard payload <= maximumPayloadBytes else { throw .length }
        return headerBytes + payload
    }

    /// The frame of a question; the caller wipes it after use.
    ///
    /// - Throws: `length` when a field is longer than its bound.
    package static func frame(_ question: AccountsQuestion) throws(Malformed) -> [UInt8] {
        switch question {
        case .verify(let attempt):
            guard attempt.name.count <= maximumNameBytes, attempt.password.count <= maximumPasswordBytes,
                attempt.address.count <= maximumAddressBytes
            else { throw .length }
            // One allocation of the final size, so that no half-filled copy of the password is left behind.
            let count = 6 + attempt.name.count + attempt.password.count + attempt.address.count
            var bytes = header(Kind.verify, attempt.knownDevice ? Flag.knownDevice : 0, count)
            append(attempt.name, to: &bytes)
            append(attempt.password, to: &bytes)
            append(attempt.address, to: &bytes)
            return bytes
        }
    }

    /// The question of a whole frame.
    package static func question(_ frame: [UInt8]) throws(Malformed) -> AccountsQuestion {
        var reader = try reader(of: frame)
        guard reader.kind == Kind.verify else { throw .kind(reader.kind) }
        guard reader.flags & ~Flag.knownDevice == 0 else { throw .flags(reader.flags) }
        let name = try reader.field(upTo: maximumNameBytes)
        let password = try reader.field(upTo: maximumPasswordBytes)
        let address = try reader.field(upTo: maximumAddressBytes)
        try reader.end()
        return .verify(
            LoginAttempt(
                name: Array(name),
                password: Array(password),
                address: Array(address),
                knownDevice: reader.flags & Flag.knownDevice != 0
            )
        )
    }

    /// The frame of an answer; seconds are brought into 1…`UInt32.max`, a reason is cut to its bound and to printable ASCII.
    package static func frame(_ answer: AccountsAnswer) -> [UInt8] {
        switch answer {
        case .verification(.accepted(let account)):
            // A canonical name is within its bound; the cut keeps a mistake elsewhere from becoming a wrong length here.
            let name = Array(account.name.text.utf8.prefix(AccountName.maximumBytes))
            var bytes = header(Kind.accepted, 0, 2 + name.count + 8)
            append(name, to: &bytes)
            append(UInt64(bitPattern: account.epoch), bytes: 8, to: &bytes)
            return bytes
        case .verification(.rejected): return header(Kind.rejected, 0, 0)
        case .verification(.held(let seconds)): return frame(Kind.held, seconds)
        case .verification(.busy(let seconds)): return frame(Kind.busy, seconds)
        case .unavailable(let reason):
            let text = reason.utf8.prefix(maximumReasonBytes).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }
            var bytes = header(Kind.unavailable, 0, 2 + text.count)
            append(text, to: &bytes)
            return bytes
        }
    }

    /// The answer of a whole frame.
    package static func answer(_ frame: [UInt8]) throws(Malformed) -> AccountsAnswer {
        var reader = try reader(of: frame)
        guard reader.flags == 0 else { throw .flags(reader.flags) }
        let answer: AccountsAnswer
        switch reader.kind {
        case Kind.accepted:
            let name = try reader.field(upTo: AccountName.maximumBytes)
            guard !name.isEmpty, let text = String(validating: name, as: UTF8.self) else { throw .value }
            let epoch = Int64(bitPattern: try reader.number(bytes: 8))
            answer = .verification(
                .accepted(VerifiedAccount(name: AccountName(canonical: text), epoch: epoch))
            )
        case Kind.rejected: answer = .verification(.rejected)
        case Kind.held: answer = .verification(.held(retryAfterSeconds: try reader.seconds()))
        case Kind.busy: answer = .verification(.busy(retryAfterSeconds: try reader.seconds()))
        case Kind.unavailable:
            let text = try reader.field(upTo: maximumReasonBytes)
            guard text.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .value }
            answer = .unavailable(String(decoding: text, as: UTF8.self))
        default: throw .kind(reader.kind)
        }
        try reader.end()
        return answer
    }

    private static func frame(_ kind: UInt8, _ seconds: Int) -> [UInt8] {
        var bytes = header(kind, 0, 4)
        append(UInt64(UInt32(clamping: max(seconds, 1))), bytes: 4, to: &bytes)
        return bytes
    }

    private static func header(_ kind: UInt8, _ flags: UInt8, _ payload: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerBytes + payload)
        bytes += [0x4C, 0x4B, 0x41, version, kind, flags, UInt8(payload >> 8 & 0xFF), UInt8(payload & 0xFF)]
        return bytes
    }

    private static func append(_ field: [UInt8], to bytes: inout [UInt8]) {
        append(UInt64(field.count), bytes: 2, to: &bytes)
        bytes += field
    }

    private static func append(_ number: UInt64, bytes count: Int, to bytes: inout [UInt8]) {
        for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }

    private static func reader(of frame: [UInt8]) throws(Malformed) -> FrameReader {
        guard let count = try frameBytes(frame[...]), count == frame.count else { throw .length }
        return FrameReader(kind: frame[4], flags: frame[5], rest: frame[headerBytes...])
    }
}

private struct FrameReader {
    let kind: UInt8
    let flags: UInt8
    var rest: ArraySlice<UInt8>

    mutating func number(bytes count: Int) throws(AccountsWireFormat.Malformed) -> UInt64 {
        guard rest.count >= count else { throw .length }
        let value = rest.prefix(count).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        rest.removeFirst(count)
        return value
    }

    mutating func seconds() throws(AccountsWireFormat.Malformed) -> Int {
        let value = try number(bytes: 4)
        guard value >= 1 else { throw .value }
        return Int(value)
    }

    mutating func field(upTo bound: Int) throws(AccountsWireFormat.Malformed) -> ArraySlice<UInt8> {
        let count = Int(try number(bytes: 2))
        guard count <= bound, count <= rest.count else { throw .length }
        defer { rest.removeFirst(count) }
        return rest.prefix(count)
    }

    func end() throws(AccountsWireFormat.Malformed) {
        guard rest.isEmpty else { throw .length }
    }
}
