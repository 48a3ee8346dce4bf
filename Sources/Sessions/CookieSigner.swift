internal import CSodium

/// Signs ids and verifies signed ones, as the JavaScript module cookie-signature 1.0 does: `id.base64(HMAC-SHA256(id))`, the
/// base64 of the standard alphabet, without padding.
///
/// The only place that sees a secret after the start.
struct CookieSigner: Sendable {
    /// The hash after the secret has been put in: copying it saves two of four compressions a cookie.
    private struct Prepared: Sendable {
        var state: crypto_auth_hmacsha256_state
    }

    private let prepared: [Prepared]
    static let signatureBytes = 43

    init(_ secrets: SessionSecrets) {
        // Safe to call again and from any thread (libsodium documentation, "Usage"); 1 says it was done before.
        _ = sodium_init()
        prepared = secrets.secrets.map { secret in
            var state = crypto_auth_hmacsha256_state()
            // Safe because the secret's pointer and its length belong together.
            unsafe _ = crypto_auth_hmacsha256_init(&state, secret, secret.count)
            return Prepared(state: state)
        }
    }

    /// Appends the signature of an id, 43 characters.
    func appendSignature(of id: some Collection<UInt8>, to bytes: inout [UInt8]) {
        guard let first = prepared.first else { return }
        CookieSigner.appendSignature(of: Array(id), first, to: &bytes)
    }

    /// Takes `id.signature` apart.
    ///
    /// The signature stands behind the last dot, so ids may have dots. Only its one canonical spelling is taken; the comparison
    /// takes the same time wherever it differs.
    ///
    /// - Returns: nil when no secret made this signature; else the id, and whether a secret other than the first made it.
    func verify(_ value: ArraySlice<UInt8>) -> (id: ArraySlice<UInt8>, isOld: Bool)? {
        guard let dot = value.lastIndex(of: UInt8(ascii: ".")), dot > value.startIndex else { return nil }
        let id = value[..<dot]
        let signature = value[(dot + 1)...]
        guard signature.count == CookieSigner.signatureBytes else { return nil }
        let idBytes = Array(id)
        let given = Array(signature)
        var expected: [UInt8] = []
        expected.reserveCapacity(CookieSigner.signatureBytes)
        for (index, key) in prepared.enumerated() {
            expected.removeAll(keepingCapacity: true)
            CookieSigner.appendSignature(of: idBytes, key, to: &expected)
            // Safe because both arrays have 43 bytes.
            if unsafe sodium_memcmp(expected, given, CookieSigner.signatureBytes) == 0 {
                return (id, index > 0)
            }
        }
        return nil
    }

    private static func appendSignature(of id: [UInt8], _ key: Prepared, to bytes: inout [UInt8]) {
        var state = key.state
        var digest = [UInt8](repeating: 0, count: 32)
        // Safe because the id's pointer and length belong together, and the digest has its 32 bytes.
        unsafe _ = crypto_auth_hmacsha256_update(&state, id, UInt64(id.count))
        unsafe _ = crypto_auth_hmacsha256_final(&state, &digest)
        Base64.append(digest, .standard, to: &bytes)
    }
}
