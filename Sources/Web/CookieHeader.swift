/// The cookies of a request, read from the bytes of its `Cookie` fields each time they are asked for.
///
/// The rules are those of the JavaScript module cookie 0.7.2, which express-session uses: pairs end at `;`,
/// blanks around names and values go, a name matches byte for byte, one pair of double quotes around a value
/// goes, a pair without `=` is skipped. Which of several cookies of one name counts is for the caller to say.
/// At most ``maximumPairs`` pairs are looked at, and a value with a control character is never given.
public struct CookieHeader: Sendable {
    /// How many pairs of a request are looked at, over all its fields; the rest is as if it were not there.
    public static let maximumPairs = 200

    private let fields: Fields

    private enum Fields: Sendable {
        case parameters(RequestParameters)
        case bytes(ArraySlice<UInt8>)
    }

    /// The cookies of all `HTTP_COOKIE` parameters, in order.
    ///
    /// nginx before 1.23 sends one parameter for every `Cookie` line.
    public init(_ parameters: RequestParameters) {
        fields = .parameters(parameters)
    }

    /// The cookies of one field's value.
    public init(_ value: ArraySlice<UInt8>) {
        fields = .bytes(value)
    }

    /// The values of the cookies of this name, in order, raw: neither percent-decoded nor checked further.
    public func values(named name: [UInt8]) -> Values {
        switch fields {
        case .parameters(let parameters): Values(name: name, parameters: parameters, rest: [])
        case .bytes(let bytes): Values(name: name, parameters: RequestParameters(), rest: bytes)
        }
    }

    /// The first cookie of this name, raw, or nil.
    public func first(named name: [UInt8]) -> ArraySlice<UInt8>? {
        var values = values(named: name)
        return values.next()
    }

    /// Without the spaces and tabs at both ends.
    fileprivate static func trim(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// The values of the cookies of one name; made by ``CookieHeader/values(named:)``.
    public struct Values: Sequence, IteratorProtocol, Sendable {
        private let name: [UInt8]
        private let parameters: RequestParameters
        private var rest: ArraySlice<UInt8>
        private var nextParameter = 0
        private var pairs = 0

        fileprivate init(name: [UInt8], parameters: RequestParameters, rest: ArraySlice<UInt8>) {
            self.name = name
            self.parameters = parameters
            self.rest = rest
        }

        /// The next value, or nil when there are no more.
        public mutating func next() -> ArraySlice<UInt8>? {
            while pairs < CookieHeader.maximumPairs {
                if rest.isEmpty {
                    guard let index = parameters.firstIndex(of: "HTTP_COOKIE", from: nextParameter) else {
                        return nil
                    }
                    nextParameter = index + 1
                    rest = parameters.storage[parameters.entries[index].value]
                    continue
                }
                pairs += 1
                let field = rest
                let bytes = field.span
                var end = 0
                var equals: Int?
                while end < bytes.count, bytes[end] != 0x3B {
                    if bytes[end] == 0x3D, equals == nil { equals = end }
                    end += 1
                }
                rest = field[(field.startIndex + Swift.min(end + 1, bytes.count))...]
                if let equals, let value = value(bytes, equals, end) {
                    return field[field.startIndex + value.lowerBound..<field.startIndex + value.upperBound]
                }
            }
            return nil
        }

        /// Where the value of a pair that begins the bytes lies, when its name is the one looked for.
        private func value(_ bytes: Span<UInt8>, _ equals: Int, _ end: Int) -> Range<Int>? {
            let found = CookieHeader.trim(bytes, 0..<equals)
            guard found.count == name.count else { return nil }
            for offset in 0..<name.count where bytes[found.lowerBound + offset] != name[offset] { return nil }
            var value = CookieHeader.trim(bytes, equals + 1..<end)
            if !value.isEmpty, bytes[value.lowerBound] == 0x22, bytes[value.upperBound - 1] == 0x22 {
                value = value.dropFirst().dropLast()
            }
            for place in value where bytes[place].isControl { return nil }
            return value
        }
    }
}

extension Request {
    /// The request's cookies.
    public var cookies: CookieHeader { CookieHeader(parameters) }
}
