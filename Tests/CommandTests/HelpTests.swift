import Testing

@Suite struct `latchkey itself` {
    private func run(_ arguments: String...) throws -> CommandHouse.Result {
        let house = try CommandHouse()
        defer { house.end() }
        return try house.run(arguments)
    }

    @Test(arguments: [
        "serve", "dev", "accounts", "status", "workers list", "workers scale", "workers restart", "user add",
        "user list", "user passwd", "user disable", "user enable", "user unlock", "user remove",
        "session list",
        "session show", "session revoke", "session gc", "check-config", "hash-password",
    ])
    func `has help for every command`(_ command: String) throws {
        let house = try CommandHouse()
        defer { house.end() }
        let help = try house.run(command.split(separator: " ").map(String.init) + ["--help"])
        #expect(help.code == 0)
        #expect(help.output.contains("USAGE: latchkey \(command)"))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completes in every shell`(_ shell: String) throws {
        let script = try run("--generate-completion-script", shell)
        #expect(script.code == 0)
        #expect(script.output.contains("check-config"))
        #expect(script.output.contains("durability"))
    }

    @Test func `refuses what it does not know with 64 and the nearest word`() throws {
        let option = try run("serve", "--wrokers", "3")
        #expect(option.code == 64)
        #expect(option.talk.contains("Did you mean '--workers'?"))
        #expect(try run("srve").code == 64)
    }

    @Test func `says its version`() throws {
        #expect(try run("--version").output == "0.1.0\n")
    }
}
