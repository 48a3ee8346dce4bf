import AccountsClient
import GRDB
import Kernel
import Testing

@testable import Accounts

@Suite struct `a login check` {
    typealias Asking = `the throttle`

    @Test
    func `does one hash for a wrong password, an unknown name, an impossible name and a disabled account`()
        throws
    {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        try house.add("eve", "right password")
        try house.database.setDisabled(true, AccountName(normalising: "eve"), now: house.clock.now)
        let check = house.check()
        for (name, password) in [
            ("bob", "wrong"), ("nobody", "wrong"), ("b\u{200B}ob", "wrong"), ("", "wrong"),
            ("eve", "right password"), ("eve", "wrong"),
            ("BOB", "right password"), ("bob ", "right password"), ("\u{FF42}ob", "right password"),
        ] {
            let before = house.engine.computed
            #expect(Asking.ask(check, name, password) == .rejected)
            #expect(house.engine.computed == before + 1, "\(name)")
        }
    }

    @Test func `computes nothing for an empty password or one of more than 1,024 bytes`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        for _ in 0..<50 {
            #expect(Asking.ask(check, "bob", "") == .rejected)
            #expect(Asking.ask(check, "bob", String(repeating: "x", count: 1025)) == .rejected)
        }
        #expect(house.engine.computed == 0)
        #expect(try house.database.accounts().map(\.failures.count) == [0])
    }

    @Test func `takes the name in either Unicode form and gives the canonical one`() throws {
        let house = try AccountsHouse()
        try house.add("caf\u{E9}", "pass\u{E9}pass\u{E9}")
        let answer = Asking.ask(house.check(), "cafe\u{301}", "passe\u{301}passe\u{301}")
        guard case .accepted(let account) = answer else {
            Issue.record("\(String(describing: answer))")
            return
        }
        #expect(Array(account.name.text.utf8) == Array("caf\u{E9}".utf8))
    }

    @Test func `upgrades an old hash at the next login, once, and ends no session by it`() throws {
        let house = try AccountsHouse()
        let name = try AccountName(normalising: "bob")
        let old = try #require(HashCost(memoryKiB: 32, passes: 1))
        try house.add("bob", "right password", cost: old)
        let before = try #require(try house.database.account(name))
        let check = house.check()
        _ = Asking.ask(check, "bob", "wrong")
        #expect(try house.database.account(name)?.hash == before.hash)
        for _ in 0..<2 { _ = Asking.ask(check, "bob", "right password") }
        let after = try #require(try house.database.account(name))
        #expect(after.hash.description == "argon2id m=64,t=1")
        #expect(after.epoch == before.epoch)
        #expect(after.passwordChanged == before.passwordChanged)
        #expect(house.engine.computed == 4)
        #expect(
            house.log.lines.filter {
                $0.hasPrefix("info password hash upgraded from=m=32,t=1 to=m=64,t=1 user=bob")
            }.count == 1
        )
    }

    @Test func `does not put an old hash back when the password was changed meanwhile`() throws {
        let house = try AccountsHouse()
        let name = try AccountName(normalising: "bob")
        try house.add("bob", "right password")
        guard case .argon2id(let old) = try house.database.account(name)?.hash else { return }
        let new = try PasswordHash(of: password("a new password"), cost: .quick, with: Argon2())
        try house.database.setPassword(of: name, to: new, now: house.clock.now)
        let upgraded = try PasswordHash(of: password("right password"), cost: .standard, with: Argon2())
        #expect(try !house.database.upgrade(name, from: old, to: upgraded))
        #expect(try house.database.account(name)?.hash == .argon2id(new))
    }

    @Test func `lets nobody in whose account was removed, disabled or changed while the hash was computed`()
        throws
    {
        for change in ["remove", "disable", "password"] {
            let house = try AccountsHouse()
            let name = try AccountName(normalising: "bob")
            try house.add("bob", "right password")
            let check = house.check()
            let lanes = ThrottleLane.lanes(
                of: LoginAttempt(name: Array("bob".utf8), password: [1], address: [], knownDevice: false),
                name: name
            )
            guard case .proceed(let reservation) = try check.throttle.reserve(lanes, now: house.clock.now)
            else {
                Issue.record("held")
                return
            }
            let seen = try #require(try house.database.account(name))
            switch change {
            case "remove": try house.database.remove(name)
            case "disable": try house.database.setDisabled(true, name, now: house.clock.now)
            default:
                let new = try PasswordHash(of: password("another one"), cost: .quick, with: Argon2())
                try house.database.setPassword(of: name, to: new, now: house.clock.now)
            }
            let stands = try check.throttle.settle(reservation, .succeeded) {
                LoginCheck.isUnchanged(seen, try $0(name))
            }
            #expect(!stands, "\(change)")
        }
    }

    @Test func `never has more hashes at once than threads that run it`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        _ = try Asking.atOnce(8) { Asking.ask(check, "bob", "right password") != nil }
        #expect(house.engine.mostAtOnce <= 8)
        #expect(house.engine.computed == 8)
    }

    @Test func `rejects an account whose hash is of no use, after the same work, and says so in the log`()
        throws
    {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        try house.add("ann", "right password")
        try house.database.write { db in
            try db.execute(sql: "UPDATE users SET hash = '{SHA}x' WHERE name = 'bob'")
        }
        let check = house.check()
        #expect(Asking.ask(check, "bob", "right password") == .rejected)
        #expect(house.engine.computed == 1)
        #expect(house.log.lines.contains { $0.hasPrefix("error unusable hash user=bob") })
        #expect(try house.database.accounts().count == 2)
        guard case .accepted = Asking.ask(check, "ann", "right password") else {
            Issue.record("one bad row keeps others out")
            return
        }
    }

    @Test func `says "unavailable" when the disk is full, and lets nobody in uncounted`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let check = house.check()
        try house.database.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE filler (bytes BLOB)")
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
            while (try? db.execute(sql: "INSERT INTO filler VALUES (randomblob(500))")) != nil {}
        }
        // Names enough that the next count needs a page.
        var answers: [Verification?] = []
        for number in 0..<200 { answers.append(Asking.ask(check, "nobody\(number)", "wrong")) }
        #expect(answers.contains(nil))
        #expect(
            house.log.lines.contains {
                $0.hasPrefix("error login not possible") && $0.contains("no\\x20space")
            }
        )
    }

    @Test func `says "unavailable" when the file is gone or replaced`() throws {
        for fault in ["gone", "replaced", "damaged"] {
            let house = try AccountsHouse()
            try house.add("bob", "right password")
            let check = house.check()
            switch fault {
            case "gone": try Files.unlink(house.path)
            case "replaced":
                let other = try AccountsHouse()
                try Files.rename(
                    other.path,
                    in: Files.workingDirectory,
                    to: house.path,
                    in: Files.workingDirectory
                )
            default:
                try house.database.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                }
                let file = try Files.open(house.path, [.write])
                try Files.writeAll(file.number, [UInt8](repeating: 0x41, count: 40_960))
            }
            #expect(Asking.ask(check, "bob", "right password") == nil, "\(fault)")
            #expect(house.engine.computed == 0)
        }
    }
}

@Suite struct `the log of logins` {
    typealias Asking = `the throttle`

    @Test func `has a line for each, without a password and without a forged line`() throws {
        let house = try AccountsHouse()
        try house.add("bob \u{E9}", "canary-right")
        let check = house.check {
            $0.logsUnknownNames = true
            $0.account = ThrottlePolicy(
                free: 1,
                firstWait: 1000,
                longestWait: 1000,
                ceiling: nil,
                forgivenEvery: nil
            )
        }
        _ = Asking.ask(check, "bob \u{E9}", "canary-right", from: "192.0.2.1")
        _ = Asking.ask(
            check,
            "x\r\nnotice login accepted user=root \"\u{1B}[31m\u{202E}\\",
            "canary-wrong",
            from: "::1\n"
        )
        _ = Asking.ask(check, "bob \u{E9}", "canary-wrong", from: "192.0.2.1")
        _ = Asking.ask(check, "bob \u{E9}", "canary-right", from: "192.0.2.1")
        _ = Asking.ask(check, String(repeating: "n", count: 1000), "canary-wrong")
        let lines = house.log.lines
        #expect(lines.count == 5)
        #expect(lines[0] == "info login accepted address=192.0.2.1 user=bob\\x20\\xc3\\xa9")
        #expect(
            lines[1]
                == "notice login failed address=::1\\x0a user=x\\x0d\\x0anotice\\x20login\\x20accepted\\x20user\\x3droot\\x20\\x22\\x1b[31m\\xe2\\x80\\xae... why=unknown-name"
        )
        #expect(
            lines[2] == "notice login failed address=192.0.2.1 user=bob\\x20\\xc3\\xa9 why=wrong-password"
        )
        #expect(lines[3].hasPrefix("notice login held address=192.0.2.1"))
        #expect(lines.allSatisfy { $0.utf8.count < 300 && !$0.contains("canary") })
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
    }

    @Test func `does not show a name that does not exist unless it is told to`() throws {
        let house = try AccountsHouse()
        _ = Asking.ask(house.check(), "my-password-typed-here", "x")
        #expect(house.log.lines == ["notice login failed address= why=unknown-name"])
    }

    @Test func `leaves out lines in a flood, and counts them`() {
        let gate = LogGate(perSecond: 20)
        let passed = (0..<1000).compactMap { _ in gate.pass(now: 5000) }
        #expect(passed == [Int](repeating: 0, count: 20))
        #expect(gate.pass(now: 6000) == 980)
        #expect(gate.pass(now: 6001) == 0)
    }
}
