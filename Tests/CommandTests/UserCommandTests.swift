import Foundation
import Testing

@Suite struct `latchkey user` {
    private let house: CommandHouse
    private let place: [String]

    init() throws {
        house = try CommandHouse()
        // The cheapest hash, so that the tests are quick.
        let settings = "users = \(house.folder)/users.db\nhash-memory = 8k\nhash-passes = 1\n"
        place = ["--config", try house.write("latchkey.conf", settings)]
    }

    private func user(_ arguments: String..., input: String = "") throws -> CommandHouse.Result {
        try house.run(["user"] + arguments + place, input: input)
    }

    @Test func `adds, lists, changes, disables, enables and removes`() throws {
        defer { house.end() }
        let added = try user("add", "alice", "--password-stdin", input: "correct horse battery staple\n")
        #expect(added.code == 0, "\(added.talk)")
        #expect(added.output == "")
        #expect(added.talk == "added alice\n")

        let again = try user("add", "alice", "--password-stdin", input: "correct horse battery staple")
        #expect(again.code == 65)
        #expect(again.talk.contains("latchkey user passwd alice"))

        let list = try user("list", "--json")
        #expect(list.output.hasPrefix(#"[{"name":"alice","disabled":false,"created":"#))
        #expect(try user("list", "--no-headers").output.hasPrefix("alice  active"))
        #expect(try user("list").output.hasPrefix("NAME "))

        #expect(try user("passwd", "alice", "--password-stdin", input: "another long password").code == 0)
        #expect(try user("disable", "alice").talk == "disabled alice\n")
        #expect(try user("disable", "alice").talk == "alice is disabled already\n")
        #expect(try user("list", "--json").output.contains(#""disabled":true"#))
        #expect(try user("enable", "alice").code == 0)
        #expect(try user("unlock", "alice").talk == "alice has no failed tries\n")

        let asked = try user("remove", "alice")
        #expect(asked.code == 64)
        #expect(asked.talk.contains("--yes"))
        #expect(try user("remove", "alice", "--yes").talk == "removed alice\n")
        #expect(try user("list", "--json").output == "[]\n")
        #expect(try user("passwd", "alice", "--generate").code == 1)
    }

    @Test func `makes a password and prints it alone`() throws {
        defer { house.end() }
        let made = try user("add", "bob", "--generate")
        #expect(made.code == 0, "\(made.talk)")
        #expect(made.output.utf8.count == 4 * 5 + 3 + 1)
        #expect(made.output.split(separator: "-").count == 4)
    }

    @Test(arguments: [
        ("short", "at least 8 are needed"), ("", "the password is empty"), ("a\nb", "more than one line"),
    ])
    func `refuses a password that is none`(_ password: String, _ sentence: String) throws {
        defer { house.end() }
        let refused = try user("add", "carol", "--password-stdin", input: password)
        #expect(refused.code == 65)
        #expect(refused.talk.contains(sentence), "\(refused.talk)")
        #expect(!refused.talk.contains("short"))
    }

    @Test(arguments: ["a:b", " a", "a\u{200B}b", ""])
    func `refuses a name that is none`(_ name: String) throws {
        defer { house.end() }
        let refused = try user("add", name, "--generate")
        #expect(refused.code == 65, "\(refused.talk)")
        #expect(!refused.talk.contains("\u{200B}"))
    }

    @Test func `needs a terminal or a flag for a password`() throws {
        defer { house.end() }
        let refused = try user("add", "dave")
        #expect(refused.code == 64)
        #expect(refused.talk.contains("--password-stdin"))
        #expect(try user("add", "dave", "--generate", "--password-stdin").code == 64)
    }

    @Test func `says where it looked when there is no database`() throws {
        defer { house.end() }
        let list = try user("list")
        #expect(list.code == 69)
        #expect(list.talk.contains("\(house.folder)/users.db"))
    }

    @Test func `hashes a password for a script`() throws {
        defer { house.end() }
        let hash = try house.run(["hash-password", "--password-stdin"] + place, input: "secret words\n")
        #expect(hash.code == 0, "\(hash.talk)")
        #expect(hash.output.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(!hash.talk.contains("secret words"))
    }
}
