internal import CSodium

/// An argon2id hash with its salt and cost, as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`.
///
/// The strings of libsodium's `crypto_pwhash_str`, of `argon2` and of others' libraries are read too, also with more lanes.
public struct PasswordHash: Sendable, Hashable {
    /// Text that is not an argon2id hash that can be verified here.
    public struct Unreadable: Error, Equatable, CustomStringConvertible {
        /// What is wrong with it; never the text itself.
        public let why: String
        /// A sentence for an error message.
        public var description: String { "not a usable argon2id hash: \(why)" }
    }

    /// The PHC string, printable ASCII without spaces.
    public let text: String
    /// What verifying it costs.
    public let cost: HashCost
    let lanes: Int
    let salt: [UInt8]
    let output: [UInt8]

    /// Reads a PHC string, strictly: fields in this order, no leading zeros, nothing after the hash.
    ///
    /// A cost beyond the bounds of `HashCost` is refused: verifying it would take the machine's memory.
    public init(parsing text: String) throws(Unreadable) {
        let parts = Array(text.utf8).split(
            separator: UInt8(ascii: "$"),
            maxSplits: 6,
            omittingEmptySubsequences: false
        )
        guard parts.count == 6, parts[0].isEmpty, parts[1].elementsEqual("argon2id".utf8) else {
            throw Unreadable(why: "it does not begin with $argon2id$ and four fields")
        }
        guard parts[2].elementsEqual("v=19".utf8) else { throw Unreadable(why: "its version is not 19") }
        let costs = parts[3].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard costs.count == 3, let memory = Self.number(costs[0], "m="),
            let passes = Self.number(costs[1], "t="), let lanes = Self.number(costs[2], "p=")
        else { throw Unreadable(why: "its cost is not m=…,t=…,p=…") }
        guard let cost = HashCost(memoryKiB: memory, passes: passes), (1...16).contains(lanes) else {
            throw Unreadable(why: "its cost is out of bounds")
        }
        guard let salt = Self.base64(parts[4]), let output = Self.base64(parts[5]),
            (8...64).contains(salt.count), (16...64).contains(output.count)
        else { throw Unreadable(why: "its salt or hash is not base64 of a fitting length") }
        guard text.utf8.count < Int(crypto_pwhash_STRBYTES) else { throw Unreadable(why: "it is too long") }
        self.text = text
        self.cost = cost
        self.lanes = lanes
        self.salt = salt
        self.output = output
    }

    /// Hashes a password with a new random salt of 16 bytes.
    public init(of password: Password, cost: HashCost, with engine: Argon2) throws(Argon2.OutOfMemory) {
        let salt = Sodium.random(Int(crypto_pwhash_SALTBYTES))
        let output = try engine.hash(password, salt: salt, cost: cost, length: 32)
        self.init(cost: cost, salt: salt, output: output)
    }

    /// A hash of no password, for names that do not exist: verifying it is the same work, and fails.
    static func ofNothing(cost: HashCost) -> PasswordHash {
        PasswordHash(cost: cost, salt: Sodium.random(Int(crypto_pwhash_SALTBYTES)), output: Sodium.random(32))
    }

    /// Whether this is the password's hash; takes as long whether it is or not.
    ///
    /// - Throws: when there is no memory for it, which says nothing about the password.
    public func verify(_ password: Password, with engine: Argon2) throws(Argon2.OutOfMemory) -> Bool {
        guard lanes == 1, salt.count == Int(crypto_pwhash_SALTBYTES) else {
            return engine.verify(password, foreign: text)
        }
        return Sodium.equal(
            try engine.hash(password, salt: salt, cost: cost, length: output.count),
            output
        )
    }

    /// Whether a hash made now would look different: another cost, more lanes, another length of salt or hash.
    public func needsRehash(for cost: HashCost) -> Bool {
        self.cost != cost || lanes != 1 || salt.count != Int(crypto_pwhash_SALTBYTES) || output.count != 32
    }

    private init(cost: HashCost, salt: [UInt8], output: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.output = output
        lanes = 1
        text = "$argon2id$v=19$\(cost),p=1$\(Self.base64(salt))$\(Self.base64(output))"
    }

    private static func number(_ field: ArraySlice<UInt8>, _ name: String) -> Int? {
        guard field.starts(with: name.utf8) else { return nil }
        let digits = field.dropFirst(name.utf8.count)
        guard (1...10).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.first != 0x30
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func base64(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        guard (1...100).contains(field.count) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 76)
        var count = 0
        // Safe because both counts are the buffers' own; with no end pointer the call fails where text is left over.
        let failure = unsafe Array(field).withUnsafeBytes { text in
            unsafe sodium_base642bin(
                &bytes,
                bytes.count,
                text.baseAddress?.assumingMemoryBound(to: CChar.self),
                text.count,
                nil,
                &count,
                nil,
                Int32(sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
            )
        }
        return failure == 0 ? Array(bytes.prefix(count)) : nil
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: bytes.count * 4 / 3 + 5)
        // Safe because the text has room for four characters per three bytes, a rest and a NUL.
        unsafe sodium_bin2base64(
            &text,
            text.count,
            bytes,
            bytes.count,
            Int32(sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
        )
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
