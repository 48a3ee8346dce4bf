extension Response {
    /// Appends the answer as CGI writes it (RFC 3875, section 6).
    ///
    /// That is `Status`, the fields, `Content-Length`, a blank line and the body, with CR LF behind each
    /// line. With `forHead` the body is left out and its length told; 204 and 304 have neither.
    public func appendCGI(to bytes: inout [UInt8], forHead: Bool = false) {
        bytes.reserveCapacity(bytes.count + 80 + headers.bytes.count + body.count)
        let code = 200...599 ~= status.code ? status.code : 500
        bytes.append("Status: ")
        bytes.appendDecimal(UInt64(code))
        bytes.append(0x20)
        appendReason(code, to: &bytes)
        bytes.append("\r\n")
        headers.appendWireFormat(to: &bytes)
        if code != 204, code != 304 {
            bytes.append("Content-Length: ")
            bytes.appendDecimal(UInt64(body.count))
            bytes.append("\r\n\r\n")
            if !forHead { bytes.append(contentsOf: body) }
        } else {
            bytes.append("\r\n")
        }
    }

    /// nginx passes the phrase on as it is, so there is always one.
    private func appendReason(_ code: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        if code == status.code { bytes.append(contentsOf: status.reasonPhrase.utf8) }
        bytes.legalizeFieldValue(from: start)
        guard bytes.count == start else { return }
        switch code {
        case 413: bytes.append("Content Too Large")
        case 429: bytes.append("Too Many Requests")
        case 200...299: bytes.append("OK")
        case 300...399: bytes.append("Redirection")
        case 400...499: bytes.append("Client Error")
        default: bytes.append("Internal Server Error")
        }
    }
}
