/// An answer, whole: nothing of it goes out before it is finished.
public struct Response: Sendable {
    /// The status; one that is not final (outside 200 to 599) goes out as 500.
    public var status: HTTPResponse.Status

    /// The header fields; the status line and the length are added when the answer is written.
    public var headers: HeaderFields

    /// The body; it does not go out with HEAD, 204 and 304.
    public var body: [UInt8]

    /// An answer of any kind.
    public init(status: HTTPResponse.Status = .ok, headers: HeaderFields = HeaderFields(), body: [UInt8] = [])
    {
        // Step 8 of 12: the response.
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer of `text/plain; charset=utf-8`.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// An answer of `application/json` from bytes that are JSON already.
    public static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, contentType: "application/json", body: bytes)
    }

    /// An answer of `application/json`: one object of texts, in the order given.
    public static func json(
        _ members: KeyValuePairs<String, String>,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var bytes: [UInt8] = [0x7B]
        for (name, value) in members {
            if bytes.count > 1 { bytes.append(0x2C) }
            JSON.appendString(name, to: &bytes)
            bytes.append(0x3A)
            JSON.appendString(value, to: &bytes)
        }
        bytes.append(0x7D)
        return json(bytes, status: status)
    }

    /// An answer that sends the client elsewhere: 303 turns any method into GET (RFC 9110, section 15.4.4).
    ///
    /// Bytes of `location` that no URI may hold go out percent-encoded. Whether the place is one to be sent
    /// to is for the caller to know.
    public static func redirect(to location: String, status: HTTPResponse.Status = .seeOther) -> Response {
        var encoded: [UInt8] = []
        for byte in location.utf8 {
            if 0x21...0x7E ~= byte {
                encoded.append(byte)
            } else {
                PercentEncoding.appendEncoded(byte, to: &encoded)
            }
        }
        var response = Response(status: status)
        response.headers.append(.location, encoded)
        return response
    }

    init(status: HTTPResponse.Status, contentType: String, body: [UInt8]) {
        self.init(status: status, body: body)
        headers.append(.contentType, contentType)
    }
}
