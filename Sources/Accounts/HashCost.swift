/// What one argon2id hash costs; stored with each hash (RFC 9106).
public struct HashCost: Sendable, Hashable, CustomStringConvertible {
    /// `m`: KiB of memory, 8 to 1,048,576.
    public let memoryKiB: Int
    /// `t`: passes over the memory, 1 to 100.
    public let passes: Int

    /// 19 MiB and 2 passes, one lane: the first choice of OWASP's Password Storage cheat sheet.
    public static let standard = HashCost(checkedMemoryKiB: 19456, passes: 2)

    /// Takes a cost within the bounds.
    ///
    /// - Returns: nil outside of them. Less than OWASP's choices is taken: tests and very small machines need it.
    public init?(memoryKiB: Int, passes: Int) {
        guard (8...1_048_576).contains(memoryKiB), (1...100).contains(passes) else { return nil }
        self.init(checkedMemoryKiB: memoryKiB, passes: passes)
    }

    private init(checkedMemoryKiB memoryKiB: Int, passes: Int) {
        self.memoryKiB = memoryKiB
        self.passes = passes
    }

    /// As it stands in a hash, `m=19456,t=2`.
    public var description: String { "m=\(memoryKiB),t=\(passes)" }
}
