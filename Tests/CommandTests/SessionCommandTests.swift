import Foundation
import Logging
import Sessions
import Testing
import Web

@Suite struct `latchkey session` {
    private let house: CommandHouse
    private let place: [String]
    private let store: FileSessionStore
    private let now = Int64(Date().timeIntervalSince1970 * 1000)

    init() throws {
        house = try CommandHouse()
        place = ["--config", try house.write("latchkey.conf", "sessions = \(house.folder)/sessions\n")]
        store = try FileSessionStore(
            directory: "\(house.folder)/sessions",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func add(_ byte: UInt8, user: String?, expiresIn span: Int64) throws -> String {
        let key = try #require(SessionStoreKey(digest: [UInt8](repeating: byte, count: 32)))
        let values = user.map { #","user":"\#($0)","signedIn":\#(now - 7_200_000)"# } ?? #","views":3"#
        let record = SessionRecord(
            payload: Array(#"{"cookie":{"path":"/"}\#(values)}"#.utf8),
            expires: UnixTime(milliseconds: now + span),
            lastUsed: UnixTime(milliseconds: now - 60_000 * Int64(byte)),
            user: user
        )
        #expect(try store.create(key, record))
        return key.hex
    }

    private func session(_ arguments: String...) throws -> CommandHouse.Result {
        try house.run(["session"] + arguments + place)
    }

    @Test func `lists what is live, the last used first, and never an id that could be used`() throws {
        defer { house.end() }
        let alice = try add(1, user: "alice", expiresIn: 1_750_000)
        _ = try add(2, user: nil, expiresIn: 600_000)
        let expired = try add(3, user: "bob", expiresIn: -1000)
        let list = try session("list")
        #expect(list.code == 0, "\(list.talk)")
        let lines = list.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].hasPrefix("01010101  alice  2 h ago    1 min ago  in 29 min"))
        #expect(lines[2].hasPrefix("02020202  –"))
        #expect(try session("list", "--user", "alice", "--no-headers").output.hasPrefix("01010101"))
        #expect(try session("list", "--all", "--json").output.contains(expired))
        #expect(try session("list", "--json").output.contains(#""id":"\#(alice)","user":"alice""#))
    }

    @Test func `shows one by its first digits`() throws {
        defer { house.end() }
        let key = try add(0xAB, user: "alice", expiresIn: 1_000_000)
        let shown = try session("show", "abab")
        #expect(shown.code == 0, "\(shown.talk)")
        #expect(shown.output.contains("id         \(key)"))
        #expect(shown.output.contains("values     user, signedIn"))
        #expect(try session("show", key, "--values").output.contains(#""cookie":{"path":"/"}"#))
        #expect(try session("show", "abc").code == 64)
        #expect(try session("show", "ffff").code == 1)
        #expect(try session("show", "../../etc").code == 64)
    }

    @Test func `wants more digits where several begin so`() throws {
        defer { house.end() }
        for last in [UInt8(1), 2] {
            let digest = [UInt8](repeating: 7, count: 31) + [last]
            let key = try #require(SessionStoreKey(digest: digest))
            let time = UnixTime(milliseconds: now + 100_000)
            #expect(
                try store.create(key, SessionRecord(payload: Array("{}".utf8), expires: time, lastUsed: time))
            )
        }
        let shown = try session("show", "0707")
        #expect(shown.code == 64)
        #expect(shown.talk.contains("2 sessions begin with 0707"))
    }

    @Test func `ends one, all of a user, or all, and asks where it is more than one`() throws {
        defer { house.end() }
        for byte in UInt8(1)...3 { _ = try add(byte, user: "alice", expiresIn: 1_000_000) }
        _ = try add(4, user: "bob", expiresIn: 1_000_000)
        #expect(try session("revoke").code == 64)
        #expect(try session("revoke", "01010101", "--all").code == 64)
        #expect(try session("revoke", "01010101").talk == "ended 1 session\n")
        #expect(try session("revoke", "01010101").code == 1)
        #expect(
            try session("revoke", "--user", "alice", "--dry-run").talk == "would end 2 sessions of alice\n"
        )
        #expect(try session("revoke", "--user", "alice").code == 64)
        #expect(try session("revoke", "--user", "alice", "--yes").talk == "ended 2 sessions of alice\n")
        #expect(try session("revoke", "--all", "--yes").talk == "ended 1 session\n")
        #expect(try store.count() == 0)
    }

    @Test func `removes what has expired and nothing else`() throws {
        defer { house.end() }
        for byte in UInt8(1)...5 { _ = try add(byte, user: nil, expiresIn: -1000) }
        _ = try add(6, user: nil, expiresIn: 1_000_000)
        let swept = try session("gc", "--json")
        #expect(swept.code == 0, "\(swept.talk)")
        #expect(swept.output.contains(#""removed":5,"#))
        #expect(try store.count() == 1)
        #expect(try session("gc").output.hasPrefix("removed 0 expired and 0 leftovers, kept 1 · "))
    }

    @Test func `does not make a folder that it was only to look into`() throws {
        defer { house.end() }
        let other = try house.write("other.conf", "sessions = \(house.folder)/nowhere\n")
        let list = try house.run(["session", "list", "--config", other])
        #expect(list.code == 69)
        #expect(!FileManager.default.fileExists(atPath: "\(house.folder)/nowhere"))
    }
}
