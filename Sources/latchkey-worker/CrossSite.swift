import Web

/// Whether another site made the browser send a request.
enum CrossSite {
    /// True when the browser says so: by `Sec-Fetch-Site` (Fetch Metadata), else by an `Origin` that is not this host's.
    ///
    /// A client that sends neither is no browser of today, and has no cookies that another site could use.
    static func isForeign(_ request: Request) -> Bool {
        if let site = request.headerBytes("HTTP_SEC_FETCH_SITE") {
            return !site.elementsEqual("same-origin".utf8) && !site.elementsEqual("none".utf8)
        }
        guard let origin = request.headerBytes("HTTP_ORIGIN") else { return false }
        return !isOwn(origin, request)
    }

    /// Compares `scheme://host[:port]` with what nginx says of the request; `null` is nobody's.
    private static func isOwn(_ origin: ArraySlice<UInt8>, _ request: Request) -> Bool {
        let scheme = request.isSecure ? "https://" : "http://"
        guard origin.starts(with: scheme.utf8) else { return false }
        let authority = origin.dropFirst(scheme.utf8.count)
        guard let host = request.headerBytes("HTTP_HOST"), !host.isEmpty else { return false }
        if same(authority, host) { return true }
        // Some distributions send nginx's $host as HTTP_HOST, which has no port: then the port counts from SERVER_PORT.
        guard let colon = authority.lastIndex(of: UInt8(ascii: ":")),
            let port = request.parameters.value("SERVER_PORT")
        else {
            return false
        }
        return same(authority[..<colon], host) && authority[(colon + 1)...].elementsEqual(port)
    }

    private static func same(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        left.elementsEqual(right) { lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
