internal import Synchronization

/// A visitor of a site: keeps cookies, and comes from an address of its own.
///
/// A test's nginx takes the address from `X-Real-IP`, so that failures of one test slow down no other.
public final class HTTPClient {
    /// Fields that go with every request, unless the request has them itself.
    public var headers: [(String, String)] = []
    /// The cookies.
    public var jar = CookieJar()
    /// Whether Secure cookies are sent, as over TLS.
    public var isSecure = false
    /// Where the client seems to come from.
    public let address: String
    private let port: UInt16
    private let keepsConnection: Bool
    private let timeout: Double
    private var connection: HTTPConnection?

    private static let visitors = Atomic<UInt32>(UInt32.random(in: 1...0xFFFF) << 8)

    /// A visitor who has not been here before.
    ///
    /// - Parameters:
    ///   - port: of 127.0.0.1.
    ///   - keepsConnection: whether all requests go over one connection.
    ///   - timeout: the longest wait for anything, in seconds.
    public init(port: UInt16, keepsConnection: Bool = false, timeout: Double = 15) {
        self.port = port
        self.keepsConnection = keepsConnection
        self.timeout = timeout
        let number = Self.visitors.add(1, ordering: .relaxed).newValue
        address = "10.\(number >> 16 & 0xFF).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }

    /// Sends a request and reads its answer.
    ///
    /// - Parameters:
    ///   - method: any token.
    ///   - target: path and query.
    ///   - headers: besides Host, Cookie, X-Real-IP, lengths and the client's own ``headers``.
    ///   - body: what goes along.
    /// - Returns: the answer, whose cookies are in the jar.
    /// - Throws: where there is no whole answer.
    public func send(
        _ method: String,
        _ target: String,
        _ headers: [(String, String)] = [],
        body: HTTPBody = .none
    ) throws -> HTTPAnswer {
        let bytes = request(method, target, headers, body)
        let answer: HTTPAnswer
        if keepsConnection, let connection {
            try connection.send(bytes)
            answer = try connection.readAnswer(toHead: method == "HEAD")
        } else {
            let fresh = try HTTPConnection(port: port, timeout: timeout)
            try fresh.send(bytes)
            answer = try fresh.readAnswer(toHead: method == "HEAD")
            connection = keepsConnection ? fresh : nil
        }
        if answer.field("Connection")?.lowercased() == "close" { connection = nil }
        jar.take(answer)
        return answer
    }

    /// Sends GET.
    public func get(_ target: String, _ headers: [(String, String)] = []) throws -> HTTPAnswer {
        try send("GET", target, headers)
    }

    /// Sends a url-encoded form.
    public func post(
        _ target: String,
        _ fields: [(String, String)],
        _ headers: [(String, String)] = []
    ) throws -> HTTPAnswer {
        try send(
            "POST",
            target,
            [("Content-Type", "application/x-www-form-urlencoded")] + headers,
            body: .form(fields)
        )
    }

    /// Sends bytes as they are over a connection of their own, and reads all that comes until the peer closes.
    public func raw(_ bytes: [UInt8]) throws -> [UInt8] {
        let connection = try HTTPConnection(port: port, timeout: timeout)
        try connection.send(bytes)
        return try connection.readToEnd()
    }

    /// The bytes of a request.
    public func request(
        _ method: String,
        _ target: String,
        _ headers: [(String, String)] = [],
        _ body: HTTPBody = .none
    ) -> [UInt8] {
        var all = [("Host", "localhost:\(port)"), ("X-Real-IP", address)]
        if !keepsConnection { all.append(("Connection", "close")) }
        if let cookies = jar.field(for: target, isSecure: isSecure) { all.append(("Cookie", cookies)) }
        // What comes later is the more particular wish.
        for wishes in [self.headers, headers] {
            all.removeAll { own in wishes.contains { $0.0.lowercased() == own.0.lowercased() } }
            all += wishes
        }
        var tail: [UInt8] = []
        switch body {
        case .none: break
        case .bytes(let bytes):
            if !all.contains(where: { $0.0.lowercased() == "content-length" }) {
                all.append(("Content-Length", "\(bytes.count)"))
            }
            tail = bytes
        case .chunks(let chunks):
            all.append(("Transfer-Encoding", "chunked"))
            for chunk in chunks where !chunk.isEmpty {
                tail += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
            }
            tail += Array("0\r\n\r\n".utf8)
        }
        let head = "\(method) \(target) HTTP/1.1\r\n" + all.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
        return Array(head.utf8) + tail
    }
}
