import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A generator (splitmix64) whose seed is taken from `LATCHKEY_SEED` or from the system.
struct SeededRandom: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init() {
        let given = unsafe getenv("LATCHKEY_SEED").flatMap { unsafe UInt64(String(cString: $0)) }
        seed = given ?? UInt64.random(in: 0...UInt64.max)
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Says which seed it was, so that a failure can be had again.
    func note() { print("LATCHKEY_SEED=\(seed)") }
}
