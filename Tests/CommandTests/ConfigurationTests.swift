import ArgumentParser
import Testing

@testable import latchkey

@Suite struct `The configuration file` {
    private func problems(_ text: String) -> [String] {
        var (settings, problems) = ConfigurationFile.parse(Array(text.utf8), "f")
        _ = Configuration(settings, problems: &problems)
        return problems.sorted { $0.line < $1.line }.map(\.text)
    }

    @Test func `takes names, values, comments and blank lines`() {
        let text = "# comment\n\n  workers = 7  \r\nsessions=/a b/c#d # comment\n\tlog-level\t=\tdebug\n"
        let (settings, problems) = ConfigurationFile.parse(Array(text.utf8), "f")
        #expect(problems.isEmpty)
        #expect(settings.map(\.setting) == [.workers, .sessions, .logLevel])
        #expect(settings.map(\.value) == ["7", "/a b/c#d", "debug"])
        #expect(settings.map(\.line) == [3, 4, 5])
    }

    @Test(arguments: [
        ("wrokers = 3", #"f:1: unknown setting "wrokers" (did you mean "workers"?)"#),
        ("\nsesions = /x", #"f:2: unknown setting "sesions" (did you mean "sessions"?)"#),
        ("Workers = 3", #"f:1: unknown setting "Workers" (did you mean "workers"?)"#),
        ("socketgroup = x", #"f:1: unknown setting "socketgroup" (did you mean "socket-group"?)"#),
        ("zzzzzzzz = 3", #"f:1: unknown setting "zzzzzzzz""#),
        ("workers 3", #"f:1: "workers 3" is not name = value"#),
        ("= 3", #"f:1: unknown setting """#),
        ("workers =", "f:1: workers has no value (leave the line out for the default)"),
        ("workers = 3\nworkers = 3", "f:2: workers is given twice, first in line 1"),
        ("workers = 0", #"f:1: workers: "0" is not a whole number from 1 to 64"#),
        ("workers = 65", #"f:1: workers: "65" is not a whole number from 1 to 64"#),
        ("workers = +5", #"f:1: workers: "+5" is not a whole number from 1 to 64"#),
        ("workers = five", #"f:1: workers: "five" is not a whole number from 1 to 64"#),
        ("threads = 257", #"f:1: threads: "257" is not a whole number from 1 to 256"#),
        (
            "threads = 99999999999999999999",
            #"f:1: threads: "99999999999999999999" is not a whole number from 1 to 256"#
        ),
        ("sessions = data", #"f:1: sessions: "data" is not an absolute path (begin with /)"#),
        (
            "durability = idenity",
            #"f:1: durability: "idenity" is none of none, identity, all (did you mean "identity"?)"#
        ),
        ("layout = expres", #"f:1: layout: "expres" is none of native, express (did you mean "express"?)"#),
        ("socket-mode = 0888", #"f:1: socket-mode: "0888" is not an octal mode such as 0660"#),
        (
            "socket-mode = 0666",
            "f:1: socket-mode: 0666 would let every user of the machine connect; use 0660 and socket-group"
        ),
        (
            "socket-group = no-such-group",
            #"f:1: socket-group: there is no group "no-such-group" (getent group lists them)"#
        ),
        (
            "allow-user = root no-such-user",
            #"f:1: allow-user: there is no user "no-such-user" (getent passwd lists them)"#
        ),
        ("grace = 5", #"f:1: grace: "5" is not a time with its unit, such as 500ms, 10s, 30m, 12h or 30d"#),
        ("grace = 2h", "f:1: grace: 2h is not between 0 s and 3600 s"),
        (
            "grace = 99999999999999999d",
            #"f:1: grace: "99999999999999999d" is not a time with its unit, such as 500ms, 10s, 30m, 12h or 30d"#
        ),
        (
            "body-limit = 64 k",
            #"f:1: body-limit: "64 k" is not a size from 1024 to 16777216 bytes, such as 64k"#
        ),
        ("body-limit = 1g", #"f:1: body-limit: "1g" is not a size from 1024 to 16777216 bytes, such as 64k"#),
        ("workers = 3\u{0}", "f:1: there is a control character in this line"),
    ])
    func `names the line, the mistake and the nearest word`(_ text: String, _ expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test func `says all mistakes at once, in the order of the lines`() {
        let all = problems("threads = 0\nbad\nworkers = 0\nworkers = 2\n")
        #expect(all.map { $0.prefix(4) } == ["f:1:", "f:2:", "f:3:", "f:4:"])
    }

    @Test func `refuses a line that is not UTF-8`() {
        let (_, problems) = ConfigurationFile.parse([0x77, 0xFF, 0x3D, 0x31], "f")
        #expect(problems.map(\.text) == ["f:1: this line is not UTF-8"])
    }

    @Test func `understands times and sizes`() throws {
        let day: Int64 = 86_400_000
        for (text, span) in [
            ("500ms", 500), ("10s", 10_000), ("30m", 1_800_000), ("12h", day / 2), ("30d", 30 * day),
        ] {
            #expect(try SettingValue(text).duration(in: 0...(.max)) == span)
        }
        for (text, size) in [
            ("1024", 1024), ("64k", 65_536), ("64K", 65_536), ("2m", 2 << 20), ("1g", 1 << 30),
        ] {
            #expect(try SettingValue(text).size(in: 0...(.max)) == Int64(size))
        }
    }

    @Test func `has a flag for every setting, and help for it`() throws {
        let flags = try ServeFlags.parse(["--allow-user", "root", "--allow-user", "1"])
        let help = ServeFlags.helpMessage()
        for setting in Setting.allCases { #expect(help.contains("--\(setting.name) "), "\(setting.name)") }
        #expect(
            flags.written == [WrittenSetting(setting: .allowUser, value: "root 1", place: "--allow-user")]
        )
    }
}

@Suite struct `The nearest word` {
    @Test func `counts insertions, deletions, replacements and swaps`() {
        func distance(_ left: String, _ right: String) -> Int {
            NearestWord.distance(Array(left.utf8), Array(right.utf8))
        }
        #expect(distance("", "") == 0)
        #expect(distance("a", "") == 1)
        #expect(distance("workers", "wrokers") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance(String(repeating: "x", count: 65), "x") == .max)
    }

    @Test func `is not offered when nothing is near`() {
        #expect(NearestWord.to("xyz", among: ["workers", "threads"]) == nil)
        #expect(NearestWord.to("thread", among: ["workers", "threads"]) == "threads")
    }
}
