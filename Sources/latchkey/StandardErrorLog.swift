internal import Kernel
internal import Logging
internal import Web

/// One line per event on standard error: time, level, text, and what belongs to it.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let label: String

    init(_ label: String, _ level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = UnixTime(milliseconds: Clocks.wallMilliseconds()).iso8601
        line +=
            " \(painted(event.level)) \(label)[\(Processes.id)]: \(Console.harmless(event.message.description))"
        let own = event.metadata ?? [:]
        for (name, value) in metadata.merging(own, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            line += " \(name)=\(Console.harmless(value.description))"
        }
        Console.say(line)
    }

    private func painted(_ level: Logger.Level) -> String {
        switch level {
        case .critical, .error: Console.paint(level.rawValue, .red, on: 2)
        case .warning: Console.paint(level.rawValue, .yellow, on: 2)
        case .notice, .info: level.rawValue
        case .debug, .trace: Console.paint(level.rawValue, .dim, on: 2)
        }
    }
}
