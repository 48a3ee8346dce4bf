internal import Kernel

/// The two ways out: data on standard output, talk on standard error.
enum Console {
    /// Writes a line of data.
    static func print(_ line: String) { write(1, line + "\n") }

    /// Says a line to the person.
    static func say(_ line: String) { write(2, line + "\n") }

    /// Writes as it is; a reader that is gone is none of our business.
    static func write(_ descriptor: Int32, _ text: String) {
        try? Files.writeAll(descriptor, Array(text.utf8))
    }

    /// What went wrong, why, and what to do next.
    static func complain(_ error: CommandError) {
        say("\(paint("latchkey:", .red, on: 2)) \(error.what)")
        for line in error.why { say("  \(line)") }
        if let next = error.next { say("  \(paint("→", .bold, on: 2)) \(next)") }
    }

    /// A way to paint.
    enum Paint: String { case bold = "1", dim = "2", red = "31", green = "32", yellow = "33" }

    /// Paints for a terminal whose user did not ask for `NO_COLOR`; the words alone carry the meaning.
    static func paint(_ text: String, _ paint: Paint, on descriptor: Int32) -> String {
        isColourful(descriptor) ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }

    static func isColourful(_ descriptor: Int32) -> Bool {
        guard Terminal.isTerminal(descriptor), Processes.environment("TERM") != "dumb" else { return false }
        return (Processes.environment("NO_COLOR") ?? "").isEmpty
    }

    /// The text without control characters, so that a stored value cannot command a terminal.
    static func harmless(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: clean.append("\u{FFFD}")
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }
}
