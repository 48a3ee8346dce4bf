/// What the operator's command may ask of a supervisor, one line over the control socket.
public enum ControlCommand: Sendable, Equatable {
    /// `status`: all children, a line each.
    case status
    /// `scale N`: so many workers.
    case scale(to: Int)
    /// `restart`: the same as the signal HUP.
    case restart

    /// Reads a line without its end; nil when it is none of them.
    public init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        switch (words.first, words.count) {
        case ("status", 1): self = .status
        case ("restart", 1): self = .restart
        case ("scale", 2):
            guard let count = Int(words[1]), count >= 0 else { return nil }
            self = .scale(to: count)
        default: return nil
        }
    }

    /// The line, without its end.
    public var line: String {
        switch self {
        case .status: "status"
        case .scale(let count): "scale \(count)"
        case .restart: "restart"
        }
    }
}
