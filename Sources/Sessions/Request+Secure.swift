internal import Web

extension Request {
    /// Whether the connection is TLS as far as the options let us believe: express-session's `issecure`.
    ///
    /// `HTTPS=on` is nginx's word on its own connection and always counts. `REQUEST_SCHEME=https` stands for what Express calls
    /// `req.secure`. `X-Forwarded-Proto` is a client's word unless a proxy in front overwrites it, so it counts only where asked for.
    func isSecure(for options: SessionOptions) -> Bool {
        if parameters.value("HTTPS").map({ Request.isSame($0, "on") }) ?? false { return true }
        switch options.proxy {
        case .off: return false
        case .unset: return isSecure
        case .on:
            if options.profile == .strict, isSecure { return true }
            guard let forwarded = headerBytes("HTTP_X_FORWARDED_PROTO") else { return false }
            let first = forwarded.prefix { $0 != UInt8(ascii: ",") }
            return Request.isSame(SiteOptionsReader.trimmed(first), "https")
        }
    }

    private static func isSame(_ bytes: ArraySlice<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        // Safe because a static string's bytes live for ever, and the counts are equal.
        return text.withUTF8Buffer { expected in
            bytes.indices.allSatisfy { unsafe bytes[$0] | 0x20 == expected[$0 - bytes.startIndex] }
        }
    }
}
