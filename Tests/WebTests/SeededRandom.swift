import Foundation

/// A generator (SplitMix64) that can be run again: LATCHKEY_SEED sets the seed, and every test that uses it
/// prints it.
struct SeededRandom: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(_ test: String = #function) {
        seed =
            ProcessInfo.processInfo.environment["LATCHKEY_SEED"].flatMap { UInt64($0) }
            ?? .random(in: 0...UInt64.max)
        state = seed
        print("\(test): LATCHKEY_SEED=\(seed)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Bytes drawn from `alphabet`, so that a parser's own delimiters come often.
    mutating func bytes(upTo length: Int, of alphabet: [UInt8] = Array(0...255)) -> [UInt8] {
        (0..<Int.random(in: 0...length, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? 0 }
    }
}

extension String {
    /// The UTF-8 of a text, as parsers take it.
    var bytes: ArraySlice<UInt8> { Array(utf8)[...] }
}

/// Bytes as text, for tables that are read by people.
func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
}
