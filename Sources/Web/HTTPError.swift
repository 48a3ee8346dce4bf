/// A status that a handler throws instead of returning: the client's mistake, or "not now".
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The status of the answer.
    public var status: HTTPResponse.Status

    /// The sentence that the client reads; never put into it what the client must not know.
    public var message: String

    /// Fields of the answer, such as `Allow` or `Retry-After`.
    public var headers: HeaderFields

    /// An error with a sentence of its own; without one the client reads the status' reason phrase.
    public init(
        _ status: HTTPResponse.Status,
        _ message: String? = nil,
        headers: HeaderFields = HeaderFields()
    ) {
        self.status = status
        self.message = message ?? status.reasonPhrase
        self.headers = headers
    }

    /// 503 with `Retry-After`, in whole seconds (RFC 9110, section 10.2.3).
    public static func unavailable(_ message: String? = nil, retryAfterSeconds: UInt32) -> HTTPError {
        var error = HTTPError(.serviceUnavailable, message)
        error.headers.append(.retryAfter, String(retryAfterSeconds))
        return error
    }

    /// The status and the sentence, for logs.
    public var description: String { "\(status.code) \(message)" }
}
