/// Checks the name-value pairs of a request (FastCGI 1.0, section 3.4), and remembers where they are.
///
/// One of these belongs to a thread and is used again and again, so that it allocates nothing.
struct ParameterGate {
    /// The lengths of one pair.
    struct Pair {
        var nameLength: Int32
        var valueLength: Int32
    }

    /// The pairs in their order.
    private(set) var pairs: [Pair] = []
    /// The name that was refused, as far as 32 bytes of it; empty when none was.
    private(set) var refusedName: [UInt8] = []

    private let limit: Int
    private var deciding = DecidingParameters()

    /// - Parameter limit: pairs of a request.
    init(limit: Int) {
        self.limit = limit
        pairs.reserveCapacity(min(limit, 64))
    }

    /// Checks the content of all PARAMS of a request.
    mutating func check(_ bytes: Span<UInt8>) throws(FastCGIServer.Refusal) {
        pairs.removeAll(keepingCapacity: true)
        deciding = DecidingParameters()
        var position = 0
        while position < bytes.count {
            let nameLength = try ParameterGate.length(bytes, &position)
            let valueLength = try ParameterGate.length(bytes, &position)
            // Both are below 2^31, so the sum does not overflow; libfcgi would add them as C ints.
            guard nameLength + valueLength <= bytes.count - position else { throw .length }
            guard pairs.count < limit else { throw .tooManyParameters }
            let name = position..<position + nameLength
            let value = name.upperBound..<name.upperBound + valueLength
            do throws(FastCGIServer.Refusal) {
                try ParameterGate.checkName(bytes.extracting(name))
                try ParameterGate.checkValue(bytes.extracting(value))
                try deciding.note(bytes, name: name, value: value)
            } catch {
                refusedName = name.prefix(32).map { bytes[$0] }
                throw error
            }
            pairs.append(Pair(nameLength: Int32(nameLength), valueLength: Int32(valueLength)))
            position = value.upperBound
        }
        guard deciding.hasMethod else { throw .methodMissing }
    }

    /// One byte below 0x80, or four bytes whose highest bit does not count.
    private static func length(_ bytes: Span<UInt8>, _ position: inout Int) throws(FastCGIServer.Refusal)
        -> Int
    {
        guard position < bytes.count else { throw .length }
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            return Int(first)
        }
        guard bytes.count - position >= 4 else { throw .length }
        let value =
            Int(first & 0x7F) << 24 | Int(bytes[position + 1]) << 16 | Int(bytes[position + 2]) << 8
            | Int(bytes[position + 3])
        position += 4
        return value
    }

    private static func checkName(_ name: Span<UInt8>) throws(FastCGIServer.Refusal) {
        guard !name.isEmpty else { throw .parameterName }
        for index in name.indices {
            switch name[index] {
            case 0x41...0x5A, 0x5F, 0x30...0x39: break
            default: throw .parameterName
            }
        }
    }

    private static func checkValue(_ value: Span<UInt8>) throws(FastCGIServer.Refusal) {
        for index in value.indices where value[index] == 0 { throw .parameterValue }
    }
}
