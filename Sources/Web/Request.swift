/// One request, as nginx passed it on.
///
/// It is a value: a handler may keep or send it anywhere. What routing and sessions need is found once, in
/// one pass over the parameters; everything else is looked up when asked for, and text is built only then.
public struct Request: Sendable {
    /// Everything nginx sent besides the body.
    public let parameters: RequestParameters

    /// The body, whole; empty when there is none.
    public var body: [UInt8]

    /// REQUEST_METHOD.
    ///
    /// A method that is missing or is no token (RFC 9110, section 9.1) reads as `-`, which no route can have.
    public let method: HTTPRequest.Method

    /// Whether the client's connection to nginx was encrypted.
    ///
    /// It was when HTTPS is `on` or REQUEST_SCHEME is `https`, in any case. Both are set by nginx; no header
    /// of the client is looked at.
    public let isSecure: Bool

    private let pathRange: Range<Int>
    private let queryRange: Range<Int>

    /// A request from the parameters of one FastCGI request and its body.
    public init(parameters: RequestParameters, body: [UInt8] = []) {
        // Step 4 of 12: the request is made from the parameters.
        let storage = parameters.storage
        let bytes = storage.span
        var methodBytes: ArraySlice<UInt8>?
        var target: ArraySlice<UInt8>?
        var https: ArraySlice<UInt8>?
        var scheme: ArraySlice<UInt8>?
        for entry in parameters.entries {
            switch entry.nameEnd - entry.start {
            case 5 where https == nil && bytes.equals("HTTPS", in: entry.name):
                https = storage[entry.value]
            case 11 where target == nil && bytes.equals("REQUEST_URI", in: entry.name):
                target = storage[entry.value]
            case 14 where methodBytes == nil && bytes.equals("REQUEST_METHOD", in: entry.name):
                methodBytes = storage[entry.value]
            case 14 where scheme == nil && bytes.equals("REQUEST_SCHEME", in: entry.name):
                scheme = storage[entry.value]
            default: break
            }
        }
        self.parameters = parameters
        self.body = body
        method = Request.method(methodBytes ?? [])
        isSecure = https?.equalsIgnoringCase("on") == true || scheme?.equalsIgnoringCase("https") == true
        (pathRange, queryRange) = Request.split(target ?? [])
    }

    /// The path as it came, still percent-encoded, up to `?`; never empty.
    ///
    /// It is not normalised: `//a`, `/a/`, `/A` and `/%61` are four other paths than `/a`.
    public var pathBytes: ArraySlice<UInt8> {
        pathRange.isEmpty ? Request.root[...] : parameters.storage[pathRange]
    }

    /// What follows the first `?`, without it and as it came; empty when there is none.
    public var query: ArraySlice<UInt8> { parameters.storage[queryRange] }

    /// REMOTE_ADDR: the address of the client as nginx knows it, or nil.
    public var remoteAddress: String? { parameters.string("REMOTE_ADDR") }

    private static let root: [UInt8] = [0x2F]

    private static func method(_ bytes: ArraySlice<UInt8>) -> HTTPRequest.Method {
        if bytes.equals("GET") { return .get }
        if bytes.equals("POST") { return .post }
        if bytes.equals("HEAD") { return .head }
        return HTTPRequest.Method(String(decoding: bytes, as: UTF8.self)) ?? .unreadable
    }

    /// Path and query of a request target, in the indices of the slice.
    ///
    /// RFC 9112, section 3.2.2: a server must take the absolute form; scheme and authority are dropped,
    /// because nginx has already chosen the site by them.
    private static func split(_ target: ArraySlice<UInt8>) -> (path: Range<Int>, query: Range<Int>) {
        var start = target.startIndex
        if target.first != 0x2F, let authority = authorityStart(target) {
            start = target[authority...].firstIndex { $0 == 0x2F || $0 == 0x3F } ?? target.endIndex
        }
        let end = target.endIndex
        let mark = target[start...].firstIndex(of: 0x3F) ?? end
        return (start..<mark, min(mark + 1, end)..<end)
    }

    /// Where the authority of `scheme://authority/path` begins, or nil when the target has no such beginning.
    private static func authorityStart(_ target: ArraySlice<UInt8>) -> Int? {
        guard let colon = target.firstIndex(of: 0x3A), colon > target.startIndex,
            target[colon...].starts(with: [0x3A, 0x2F, 0x2F]),
            target[..<colon].allSatisfy({
                $0.lowercased &- 0x61 < 26 || $0.isDigit || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
            })
        else { return nil }
        return colon + 3
    }
}

extension HTTPRequest.Method {
    /// What stands in a ``Request`` for a method that is missing or no token; itself it is one.
    static var unreadable: Self { Self("-") ?? .trace }
}
