internal import CSodium
internal import Synchronization

/// Computes argon2id, and counts what it computed: the one place that spends the memory and the time of a hash.
public final class Argon2: Sendable {
    /// The machine had no memory for a hash; nothing is known about the password.
    public struct OutOfMemory: Error, Equatable {
        /// What was asked for.
        public let cost: HashCost
    }

    private let running = Atomic<Int>(0)
    private let most = Atomic<Int>(0)
    private let count = Atomic<Int>(0)

    /// An engine with counters of its own.
    public init() {}

    /// Hashes computed so far.
    public var computed: Int { count.load(ordering: .relaxed) }
    /// The most that ran at the same time.
    public var mostAtOnce: Int { most.load(ordering: .relaxed) }

    func hash(_ password: Password, salt: [UInt8], cost: HashCost, length: Int) throws(OutOfMemory) -> [UInt8]
    {
        begin()
        defer { running.subtract(1, ordering: .relaxed) }
        var output = [UInt8](repeating: 0, count: length)
        guard Sodium.isReady, salt.count == Int(crypto_pwhash_SALTBYTES) else {
            throw OutOfMemory(cost: cost)
        }
        // Safe because every count is the buffer's own, and the salt has the length that the call reads.
        let failure = unsafe password.withCharacters { start, count in
            unsafe crypto_pwhash(
                &output,
                UInt64(length),
                start,
                UInt64(count),
                salt,
                UInt64(cost.passes),
                cost.memoryKiB * 1024,
                crypto_pwhash_ALG_ARGON2ID13
            )
        }
        // With costs inside their bounds the call fails for want of memory only.
        guard failure == 0 else { throw OutOfMemory(cost: cost) }
        return output
    }

    /// Verifies a hash whose lanes or salt are not ours, by libsodium's own reading of it.
    func verify(_ password: Password, foreign text: String) -> Bool {
        begin()
        defer { running.subtract(1, ordering: .relaxed) }
        guard Sodium.isReady else { return false }
        // Safe because the string is NUL-terminated, and the count is the buffer's own.
        let failure = unsafe password.withCharacters { start, count in
            unsafe crypto_pwhash_str_verify(text, start, UInt64(count))
        }
        return failure == 0
    }

    private func begin() {
        count.add(1, ordering: .relaxed)
        let now = running.add(1, ordering: .relaxed).newValue
        most.max(now, ordering: .relaxed)
    }
}
