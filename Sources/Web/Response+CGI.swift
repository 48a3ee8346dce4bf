extension Response {
    /// Appends the answer as CGI writes it (RFC 3875, section 6): `Status`, the fields, `Content-Length`, a blank line, the body.
    ///
    /// With `forHead` the body is left out and its length told; 204 and 304 have neither.
    public func appendCGI(to bytes: inout [UInt8], forHead: Bool = false) {
        bytes.reserveCapacity(bytes.count + 80 + headers.bytes.count + body.count)
        let code = 200...599 ~= status.code ? status.code : 500
        bytes.append("Status: ")
        bytes.appendDecimal(UInt64(code))
        bytes.append(0x20)
        appendReason(code, to: &bytes)
        bytes.append("\r\n")
        appendFields(to: &bytes)
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

    private func appendFields(to bytes: inout [UInt8]) {
        var lines = HeaderLines(headers.bytes)
        var clean = true
        while let line = lines.next() {
            if isWriters(line) { clean = false }
        }
        guard !clean else { return headers.appendWireFormat(to: &bytes) }
        lines = HeaderLines(headers.bytes)
        while let line = lines.next() {
            if !isWriters(line) { bytes.append(contentsOf: headers.bytes[line.whole]) }
        }
    }

    private func isWriters(_ line: HeaderLines.Line) -> Bool {
        let name = headers.bytes[line.name]
        return switch name.count {
        case 6: name.equalsIgnoringCase("status")
        case 14: name.equalsIgnoringCase("content-length")
        case 17: name.equalsIgnoringCase("transfer-encoding")
        default: false
        }
    }
}
