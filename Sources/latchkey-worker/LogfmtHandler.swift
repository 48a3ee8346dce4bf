import Kernel
import Logging

/// Writes one logfmt line an event to descriptor 2: `level=info event="login" user="alice"`.
///
/// Values are quoted and escaped byte by byte, so that none can end its line or begin a field. A line has at most 4 KiB; a log
/// that cannot be written to loses lines and holds nobody up for long.
struct LogfmtHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String, logLevel: Logger.Level) {
        self.label = label
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line += "level=\(event.level.rawValue) pid=\(Processes.id) from=\(label) event=".utf8
        Self.appendQuoted("\(event.message)", to: &line)
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line.append(0x20)
            line += key.utf8.filter { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
            line.append(0x3D)
            Self.appendQuoted("\(value)", to: &line)
        }
        if line.count > 4000 {
            // Cut inside the last value: its closing quote goes with it.
            line.removeSubrange(4000...)
            line += "…\"".utf8
        }
        line.append(0x0A)
        // One write a line: lines of several workers on one pipe do not mix up to 4,096 bytes (pipe(7)).
        try? Files.writeAll(2, line)
    }

    static func appendQuoted(_ text: String, to line: inout [UInt8]) {
        line.append(0x22)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22, 0x5C:
                line.append(0x5C)
                line.append(UInt8(scalar.value))
            // Controls, and the characters that make a terminal or a viewer show another order or line than there is.
            case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0xFEFF:
                line += "\\u{\(String(scalar.value, radix: 16))}".utf8
            default: line += Unicode.UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        line.append(0x22)
    }
}
