import Foundation

/// The seed of this run's randomised tests: `LATCHKEY_SEED`, or a fresh one; printed once.
enum ProcessSeed {
    static let value: UInt64 = {
        let given = ProcessInfo.processInfo.environment["LATCHKEY_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0..<1 << 32)
        print("LATCHKEY_SEED=\(seed)")
        return seed
    }()
}

/// A generator that gives the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
