/// Watches the parameters that decide what a request is, so that nobody can make two readers see two requests.
///
/// nginx turns the client's headers into `HTTP_…` and nothing else; another name comes twice only when a site file says so twice. Said
/// twice alike is harmless. An empty CONTENT_LENGTH before another one is how a site file says "without the body": the first
/// counts, for libfcgi and for `RequestParameters`.
struct DecidingParameters {
    /// Whether REQUEST_METHOD was there and not empty.
    private(set) var hasMethod = false

    // Where the first value of each name lies; empty at 0 when it was not met.
    private var values: InlineArray<6, Range<Int>?> = .init(repeating: nil)

    mutating func note(_ bytes: Span<UInt8>, name: Range<Int>, value: Range<Int>) throws(FastCGIServer
        .Refusal)
    {
        guard let index = DecidingParameters.index(bytes, name) else { return }
        guard let first = values[index] else {
            values[index] = value
            if index == 0 { hasMethod = !value.isEmpty }
            return
        }
        if first.isEmpty, index == 1 { return }
        guard first.count == value.count else { throw .parameterTwice }
        for offset in 0..<first.count
        where bytes[first.lowerBound + offset] != bytes[value.lowerBound + offset] {
            throw .parameterTwice
        }
    }

    private static func index(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Int? {
        switch name.count {
        case 14:
            if equals(bytes, name, "REQUEST_METHOD") { return 0 }
            return equals(bytes, name, "CONTENT_LENGTH") ? 1 : nil
        case 11:
            if equals(bytes, name, "REQUEST_URI") { return 2 }
            return equals(bytes, name, "REMOTE_ADDR") ? 3 : nil
        case 12: return equals(bytes, name, "QUERY_STRING") ? 4 : nil
        case 15: return equals(bytes, name, "SERVER_PROTOCOL") ? 5 : nil
        default: return nil
        }
    }

    private static func equals(_ bytes: Span<UInt8>, _ name: Range<Int>, _ text: StaticString) -> Bool {
        // Safe because the buffer is a literal's, which lives as long as the program, and is only read.
        text.withUTF8Buffer { wanted in
            for offset in 0..<name.count where unsafe bytes[name.lowerBound + offset] != wanted[offset] {
                return false
            }
            return true
        }
    }
}
