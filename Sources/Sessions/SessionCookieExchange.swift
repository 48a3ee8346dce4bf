internal import Logging
internal import Web

/// The session's cookie on the wire: its name for a connection, what a request brought, what an answer sends.
struct SessionCookieExchange: Sendable {
    let signer: CookieSigner
    let options: SessionOptions
    let acceptsAnyID: Bool

    /// What one cookie of the name holds.
    struct Candidate {
        let id: String
        let signatureIsOld: Bool
    }

    /// The name for this connection: in `strict` only with the prefix that browsers will take there (RFC 6265bis, 4.1.3).
    func name(isSecure: Bool) -> String {
        let name = options.name
        guard options.profile == .strict else { return name }
        let bare: Substring.UTF8View
        if name.utf8.starts(with: "__Host-".utf8) {
            bare = name[...].utf8.dropFirst(7)
        } else if name.utf8.starts(with: "__Secure-".utf8) {
            bare = name[...].utf8.dropFirst(9)
        } else {
            return name
        }
        guard isSecure, options.cookie.secure != .off else { return String(Substring(bare)) }
        if name.utf8.starts(with: "__Host-".utf8), options.cookie.domain != nil || options.cookie.path != "/"
        {
            return "__Secure-" + Substring(bare)
        }
        return name
    }

    /// Step 5 of 12: the cookies of the name, verified.
    ///
    /// - Parameters:
    ///   - request: with all its `Cookie` fields.
    ///   - name: for this connection.
    ///   - visit: gets each candidate in order until it returns true; in `express` there is at most one, the first.
    /// - Returns: whether any cookie of the name was there, and whether one of them was not signed by us.
    /// - Throws: what `visit` throws.
    func read<Failure: Error>(
        _ request: Request,
        name: String,
        _ visit: (Candidate) throws(Failure) -> Bool
    ) throws(Failure) -> (brought: Bool, tampered: Bool) {
        var brought = false
        var tampered = false
        for raw in request.cookies.values(named: Array(name.utf8)) {
            brought = true
            if let candidate = candidate(raw) {
                if try visit(candidate) { break }
            } else {
                tampered = true
            }
            if options.profile == .express { break }
        }
        return (brought, tampered)
    }

    private func candidate(_ raw: ArraySlice<UInt8>) -> Candidate? {
        let value = PercentEncoding.decodeLeniently(raw)
        guard value.starts(with: "s:".utf8), let (id, isOld) = signer.verify(value.dropFirst(2)) else {
            return nil
        }
        guard acceptsAnyID ? !id.isEmpty && id.count <= 1024 : SessionID.isPlain(id) else { return nil }
        guard let text = String(validating: id, as: UTF8.self) else { return nil }
        return Candidate(id: text, signatureIsOld: isOld)
    }

    /// The cookie's value for an id: `s:` id `.` signature, percent-encoded.
    func value(_ id: String) -> String {
        var signed = Array("s:".utf8)
        signed.append(contentsOf: id.utf8)
        signed.append(UInt8(ascii: "."))
        signer.appendSignature(of: id.utf8, to: &signed)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(signed.count + 16)
        PercentEncoding.encodeURIComponent(signed, to: &encoded)
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Step 11 of 12: the cookie that carries the id.
    func cookie(_ session: borrowing Session, name: String) throws(SetCookieError) -> SetCookie {
        try SetCookie(
            name: name,
            value: value(session.id),
            domain: session.cookie.domain,
            path: session.cookie.path,
            expires: session.cookie.expires,
            httpOnly: session.cookie.httpOnly,
            secure: session.cookieIsSecure,
            partitioned: session.cookie.partitioned ?? false,
            priority: session.cookie.priority,
            sameSite: session.cookie.sameSite
        )
    }

    /// The cookie that takes a cookie away: the same name, domain, path and flags, so that browsers match and accept it.
    func removal(_ session: borrowing Session, name: String) throws(SetCookieError) -> SetCookie {
        try SetCookie(
            name: name,
            value: "",
            domain: session.cookie.domain,
            path: session.cookie.path,
            expires: UnixTime(milliseconds: 0),
            httpOnly: session.cookie.httpOnly,
            secure: session.cookieIsSecure,
            partitioned: session.cookie.partitioned ?? false,
            priority: nil,
            sameSite: session.cookie.sameSite
        )
    }
}
