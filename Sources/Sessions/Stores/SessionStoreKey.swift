/// The name of a record in a store: the SHA-256 of the session's id.
///
/// A store, a backup or a log that holds keys does not hold cookies.
public struct SessionStoreKey: Hashable, Sendable {
    /// The 32 bytes as four big-endian words.
    public let words: SIMD4<UInt64>
    /// The id itself; only for a store whose traits ask for it, else nil.
    ///
    /// Not part of equality.
    public let id: String?

    /// A key from the 32 bytes of a digest; nil for another number of bytes.
    public init?(digest: some Collection<UInt8>, id: String? = nil) {
        guard digest.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in digest.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = words
        self.id = id
    }

    init(words: SIMD4<UInt64>, id: String? = nil) {
        self.words = words
        self.id = id
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: some Collection<UInt8>) {
        guard hex.count == 64 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in hex.enumerated() {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            words[index / 16] = words[index / 16] << 4 | UInt64(digit)
        }
        self.init(words: words)
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        // Safe because exactly 64 bytes are written into the 64 that were asked for.
        unsafe String(unsafeUninitializedCapacity: 64) { place in
            var index = 0
            for word in 0..<4 {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: words[word] >> UInt64(shift)) & 15
                    unsafe place[index] =
                        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                    index += 1
                }
            }
            return 64
        }
    }

    /// Equal digests.
    public static func == (left: SessionStoreKey, right: SessionStoreKey) -> Bool {
        left.words == right.words
    }

    /// Hashes the digest.
    public func hash(into hasher: inout Hasher) { hasher.combine(words) }
}
