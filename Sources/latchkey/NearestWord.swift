/// The word that somebody meant.
enum NearestWord {
    /// The nearest of the known words; nil when none is near enough to be meant.
    static func to(_ word: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().utf8)
        let limit = max(2, wanted.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = distance(wanted, Array(candidate.lowercased().utf8))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// ` (did you mean "…"?)`, or nothing.
    static func hint(_ word: String, among known: some Sequence<String>) -> String {
        to(word, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), over bytes.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        // A long word is never near; this also bounds the work.
        guard left.count <= 64, right.count <= 64 else { return .max }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    current[column] + 1,
                    last[column + 1] + 1,
                    last[column] + (byte == other ? 0 : 1)
                )
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
