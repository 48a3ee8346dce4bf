internal import CSodium

/// The secret of the tests' workers, and what it signs; made here, apart from the code under test.
public enum Secret {
    /// 40 bytes of text.
    public static let text = "a-secret-of-the-tests-and-of-nobody-else"

    /// The value of a session cookie for an id, signed rightly: `s:` id `.` signature, percent-encoded.
    public static func cookie(_ id: String, secret: String = text) -> String {
        HTTPBody.encoded("s:\(id).\(signature(of: Array(id.utf8), secret: Array(secret.utf8)))")
    }

    /// Base64 without padding of HMAC-SHA256.
    static func signature(of message: [UInt8], secret: [UInt8]) -> String {
        var state = crypto_auth_hmacsha256_state()
        var digest = [UInt8](repeating: 0, count: 32)
        // Safe because the state and the digest live for the calls, and every count is its array's own.
        unsafe crypto_auth_hmacsha256_init(&state, secret, secret.count)
        unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        unsafe crypto_auth_hmacsha256_final(&state, &digest)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: digest.count, by: 3) {
            let part = digest[start..<min(start + 3, digest.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0...part.count { text.append(alphabet[bits >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
