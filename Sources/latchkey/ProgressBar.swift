internal import Kernel

/// A bar on standard error for work that takes long: only on a terminal, and only after 300 ms.
///
/// Elsewhere it is a line every ten seconds, so that a log shows that something goes on.
struct ProgressBar {
    private static let delay: Int64 = 300
    private static let width = 28

    private let title: String
    private let total: Int
    private let begun: Int64
    private let isTerminal: Bool
    private var shown: Int64
    private var isOnScreen = false

    /// A bar for so many steps; a total of 0 is not known.
    init(_ title: String, total: Int, now: Int64, isTerminal: Bool = Terminal.isTerminal(2)) {
        self.title = title
        self.total = total
        self.isTerminal = isTerminal
        begun = now
        shown = now
    }

    /// Says how far it is.
    ///
    /// - Returns: what to write now; nil when it is too early.
    mutating func advance(to done: Int, now: Int64) -> String? {
        let pause: Int64 = isTerminal ? (isOnScreen ? 100 : Self.delay) : 10_000
        guard now - shown >= pause else { return nil }
        shown = now
        isOnScreen = true
        let line = line(done, now)
        // Back to the first column, and the rest of the old line away.
        return isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n"
    }

    /// What takes the bar off the screen again.
    var end: String { isTerminal && isOnScreen ? "\r\u{1B}[K" : "" }

    private func line(_ done: Int, _ now: Int64) -> String {
        let rate = now > begun ? Int64(done) * 1000 / (now - begun) : 0
        let speed = "\(Self.short(rate))/s"
        // More may have come since they were counted; a bar never goes past its end.
        guard total > 0 else { return "\(title)  \(Self.grouped(done))  \(speed)" }
        let part = min(done, total)
        let filled = part * Self.width / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        var line =
            "\(title)  \(bar)  \(part * 100 / total)%  \(Self.grouped(part)) / \(Self.grouped(total))  \(speed)"
        if rate > 0, part < total {
            line += "  ETA \(TimeWords.length(Int64(total - part) * 1000 / rate + 1000))"
        }
        return line
    }

    /// `48 k`, `1.2 M`.
    private static func short(_ number: Int64) -> String {
        switch number {
        case ..<10_000: "\(number)"
        case ..<1_000_000: "\(number / 1000) k"
        default: "\(number / 1_000_000).\(number % 1_000_000 / 100_000) M"
        }
    }

    /// `142 310`: groups of three.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += " " }
            text.append(digit)
        }
        return text
    }
}
