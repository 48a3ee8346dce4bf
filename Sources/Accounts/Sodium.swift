internal import CSodium

/// libsodium, made ready once for the process.
enum Sodium {
    /// Whether the library can be used; false only where the system has no source of randomness.
    static let isReady: Bool = sodium_init() >= 0

    static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard isReady else { return bytes }
        // Safe because the count is the array's own.
        unsafe randombytes_buf(&bytes, bytes.count)
        return bytes
    }

    /// BLAKE2b of 16 bytes, as 32 hexadecimal digits.
    static func digest(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 16)
        // Safe because both counts are the arrays' own; a nil key has length 0.
        unsafe _ = crypto_generichash(&digest, digest.count, bytes, UInt64(bytes.count), nil, 0)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// Compares in a time that depends on the length only.
    static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count, !left.isEmpty else { return false }
        // Safe because both have that many bytes.
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}
