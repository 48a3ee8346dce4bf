internal import Kernel
internal import Logging

/// One logfmt line per event on standard error, as the workers write theirs: `level=info pid=1 from=latchkey event="stopped"`.
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
        var line = "level=\(event.level.rawValue) pid=\(Processes.id) from=\(label)"
        line += " event=\(Self.quoted(event.message.description))"
        let own = event.metadata ?? [:]
        for (name, value) in metadata.merging(own, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            line += " \(name)=\(Self.quoted(value.description))"
        }
        Console.say(line)
    }

    /// In quotes, and no character in it that could end the line or the value.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in Console.harmless(text).unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
