import Foundation
import Testing

@Suite struct `latchkey check-config` {
    private let house: CommandHouse

    init() throws { house = try CommandHouse() }

    private func settings(_ more: String = "") throws -> [String] {
        let folder = house.folder
        let text = """
            sessions = \(folder)/sessions
            users = \(folder)/users.db
            secrets = \(folder)/secrets
            socket = \(folder)/latchkey.sock
            accounts-socket = \(folder)/accounts.sock
            control-socket = \(folder)/control.sock
            worker-program = /bin/true
            \(more)
            """
        return ["check-config", "--config", try house.write("latchkey.conf", text)]
    }

    @Test func `finds nothing wrong with what only has to be made yet`() throws {
        defer { house.end() }
        let result = try house.run(try settings())
        #expect(result.code == 0, "\(result.output)")
        #expect(result.output.contains("serve makes it"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: house.folder).contains("sessions") == false
        )
    }

    @Test func `lists every mistake with its line and ends with 78`() throws {
        defer { house.end() }
        let result = try house.run(try settings("wrokers = 3\nthreads = many") + ["--json"])
        #expect(result.code == 78)
        #expect(
            result.output.contains(
                #"latchkey.conf:8: unknown setting \"wrokers\" (did you mean \"workers\"?)"#
            )
        )
        #expect(result.output.contains(#"latchkey.conf:9: threads: \"many\" is not a whole number"#))
    }

    @Test func `looks at permissions, sockets and programs`() throws {
        defer { house.end() }
        try house.write("secrets", "hex:\(String(repeating: "ab", count: 32))\n", mode: 0o644)
        try house.write("control.sock", "no socket")
        try FileManager.default.createDirectory(
            atPath: "\(house.folder)/sessions",
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
        let arguments = try settings()
        let text = try String(contentsOfFile: "\(house.folder)/latchkey.conf", encoding: .utf8)
        try house.write("latchkey.conf", text.replacingOccurrences(of: "/bin/true", with: "/no/such/file"))
        let result = try house.run(arguments)
        #expect(result.code == 78)
        #expect(result.output.contains("its permissions are 0644"))
        #expect(result.output.contains("chmod 700"))
        #expect(result.output.contains("control.sock exists and is not a socket"))
        #expect(result.output.contains("there is no file /no/such/file"))
    }

    @Test func `says that a named file is not there`() throws {
        defer { house.end() }
        let result = try house.run(["check-config", "--config", "/no/such.conf"])
        #expect(result.code == 78)
        #expect(result.output.contains("there is no configuration file /no/such.conf"))
    }

    @Test func `has no colour for a file, nor with NO_COLOR`() throws {
        defer { house.end() }
        let result = try house.run(try settings("bad"))
        #expect(!result.output.contains("\u{1B}"))
        #expect(!result.talk.contains("\u{1B}"))
    }
}
