internal import CSodium
public import Web

/// How the ids of new sessions are made.
public struct SessionIDGenerator: Sendable {
    /// Makes an id for a request; express-session's `genid(req)`.
    let generate: @Sendable (Request) -> String
    /// Whether the ids are ours: 32 characters of one alphabet, never the same twice.
    let isRandom: Bool

    /// 24 bytes of the kernel's randomness as base64url: 192 bits in 32 characters.
    public static let random = SessionIDGenerator(isRandom: true) { _ in SessionID.random() }

    /// Ids of the program's own making, for example with the name of a machine in front.
    ///
    /// They are used as they are, percent-encoded in the cookie. A store that names records by id takes only `[A-Za-z0-9_-]`. An id that
    /// is taken is taken over: its record is replaced, as in express-session. Whoever can guess an id that is to come can prepare it; keep 128 random bits in it.
    public static func custom(_ generate: @escaping @Sendable (Request) -> String) -> SessionIDGenerator {
        SessionIDGenerator(isRandom: false, generate: generate)
    }

    private init(isRandom: Bool, generate: @escaping @Sendable (Request) -> String) {
        self.isRandom = isRandom
        self.generate = generate
    }
}

enum SessionID {
    static let maximumBytes = 128

    static func random() -> String {
        _ = sodium_init()
        var random = [UInt8](repeating: 0, count: 24)
        // Safe because the array has the 24 bytes.
        unsafe randombytes_buf(&random, 24)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        Base64.append(random, .urlSafe, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// What an id of our own making can be; anything else was never in a store.
    static func isPlain(_ id: some Collection<UInt8>) -> Bool {
        !id.isEmpty && id.count <= maximumBytes
            && id.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension SessionStoreKey {
    /// The key of an id.
    ///
    /// - Parameters:
    ///   - id: as it stands in the cookie, decoded.
    ///   - traits: of the store that the key is for; says whether the id itself goes along.
    public init(id: String, for traits: SessionStoreTraits) {
        var digest = [UInt8](repeating: 0, count: 32)
        var id = id
        id.withUTF8 { bytes in
            // Safe because the pointer and the length belong together, and the digest has its 32 bytes.
            unsafe _ = crypto_hash_sha256(&digest, bytes.baseAddress, UInt64(bytes.count))
        }
        var words = SIMD4<UInt64>()
        for index in 0..<32 { words[index / 8] = words[index / 8] << 8 | UInt64(digest[index]) }
        self.init(words: words, id: traits.namesRecordsByID ? id : nil)
    }
}
