internal import Kernel
internal import Supervision

/// A value as it was written, and where.
struct WrittenSetting: Equatable {
    let setting: Setting
    let value: String
    /// `FILE:LINE: NAME`, or the flag.
    let place: String
    /// The line in the file; 0 for a flag.
    var line = 0
}

/// Something that is wrong with a configuration.
struct ConfigurationProblem: Equatable {
    /// The line in the file; 0 for a flag.
    let line: Int
    /// One sentence that begins with the place.
    let text: String
}

/// The file of `name = value` lines.
///
/// A line that begins with `#` is a comment, and so is what follows a ` #`. Blanks around name and value do not count. A name that
/// is unknown or given twice is a mistake, and so is a line without `=`: nothing is ever skipped silently.
enum ConfigurationFile {
    /// Where it is when nobody says otherwise.
    static let standardPath = "/etc/latchkey/latchkey.conf"
    private static let sizeLimit = 1 << 20

    /// Reads a file; nil when it does not exist.
    static func read(_ path: String) throws(CommandError) -> (
        settings: [WrittenSetting], problems: [ConfigurationProblem]
    )? {
        do throws(Errno) {
            let file = try Files.open(path, [.read, .nonBlocking])
            guard try Files.status(of: file.number).kind == .regular else { throw .invalidArgument }
            guard let bytes = try Files.readAll(file.number, limit: sizeLimit) else { throw .fileTooLarge }
            return parse(bytes, path)
        } catch .noSuchFile {
            return nil
        } catch {
            throw CommandError(
                Sysexit.configuration,
                "cannot read the configuration \(path)",
                why: ["\(error)"]
            )
        }
    }

    /// Takes a file apart, and lists every mistake with its line.
    static func parse(_ bytes: [UInt8], _ path: String) -> (
        settings: [WrittenSetting], problems: [ConfigurationProblem]
    ) {
        var settings: [WrittenSetting] = []
        var problems: [ConfigurationProblem] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let place = "\(path):\(index + 1)"
            func problem(_ text: String) {
                problems.append(ConfigurationProblem(line: index + 1, text: "\(place): \(text)"))
            }
            guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0D }) else {
                problem("there is a control character in this line")
                continue
            }
            guard let line = String(validating: withoutComment(line), as: UTF8.self) else {
                problem("this line is not UTF-8")
                continue
            }
            let text = trimmed(line)
            if text.isEmpty { continue }
            guard let sign = text.firstIndex(of: "=") else {
                problem("\"\(text)\" is not name = value")
                continue
            }
            let name = trimmed(text[..<sign])
            let value = trimmed(text[text.index(after: sign)...])
            guard let setting = Setting(rawValue: name) else {
                let hint = NearestWord.hint(name, among: Setting.allCases.map(\.name))
                problem("unknown setting \"\(name)\"\(hint)")
                continue
            }
            if let first = settings.first(where: { $0.setting == setting }) {
                problem("\(name) is given twice, first in line \(first.line)")
                continue
            }
            if value.isEmpty {
                problem("\(name) has no value (leave the line out for the default)")
                continue
            }
            settings.append(
                WrittenSetting(setting: setting, value: value, place: "\(place): \(name)", line: index + 1)
            )
        }
        return (settings, problems)
    }

    private static func withoutComment(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for index in line.indices where line[index] == UInt8(ascii: "#") {
            if index == line.startIndex || line[index - 1] == 0x20 || line[index - 1] == 0x09 {
                return line[..<index]
            }
        }
        return line
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
        let bytes = Array(text.utf8)
        let rest = bytes.drop { blanks.contains($0) }
        let end = rest.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
    }
}
