import AccountsClient
import Foundation
import GRDB
import Kernel
import Testing

@testable import Accounts

@Suite struct `the users' database` {
    private func hash(_ text: String = "right password") throws -> PasswordHash {
        try PasswordHash(of: password(text), cost: .quick, with: Argon2())
    }

    private func name(_ text: String) throws -> AccountName { try AccountName(normalising: text) }

    private func failure(_ body: () throws -> Void) throws -> UserDatabaseError {
        try #require(throws: UserDatabaseError.self, performing: body)
    }

    @Test func `is 0600 in a folder of 0700, all its files, under any umask`() throws {
        let before = umask(0)
        defer { umask(before) }
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        #expect(try Files.status(house.folder).permissions == 0o700)
        for suffix in ["", "-wal", "-shm"] {
            #expect(try Files.status(house.path + suffix).permissions == 0o600, "\(suffix)")
        }
    }

    @Test func `keeps an account with all that belongs to it`() throws {
        let house = try AccountsHouse()
        let bob = try name("bob")
        let stored = try hash()
        try house.database.add(bob, hash: stored, now: 1000)
        let account = try #require(try UserDatabase(path: house.path).account(bob))
        #expect(account.name == bob)
        #expect(account.hash == .argon2id(stored))
        #expect(account.created == 1000 && account.passwordChanged == 1000 && account.epoch == 1000)
        #expect(!account.isDisabled && account.failures == .none)
        #expect(try house.database.account(name("Bob")) == nil)
    }

    @Test func `lists accounts in byte order`() throws {
        let house = try AccountsHouse()
        for text in ["b", "\u{E9}", "Z", "a"] { try house.database.add(name(text), hash: hash(), now: 1) }
        #expect(try house.database.accounts().map(\.name.text) == ["Z", "a", "b", "\u{E9}"])
    }

    @Test(arguments: [
        ("bob", "bob"), ("bob", "BOB"), ("caf\u{E9}", "CAFE\u{301}"), ("stra\u{DF}e", "strasse"),
    ])
    func `refuses a name that is taken, and its twins`(first: String, second: String) throws {
        let house = try AccountsHouse()
        let (one, other) = (try name(first), try name(second))
        try house.database.add(one, hash: hash(), now: 1)
        let error = try failure { try house.database.add(other, hash: hash("another"), now: 2) }
        #expect(error.reason == (one == other ? .nameTaken(one) : .twin(other, existing: one)))
        #expect(error.description.contains(house.path))
        #expect(try house.database.accounts().map(\.created) == [1])
    }

    @Test
    func `raises the epoch with a new password and with disabling, and above that of an earlier account`()
        throws
    {
        let house = try AccountsHouse()
        let bob = try name("bob")
        try house.database.add(bob, hash: hash(), now: 1000)
        try house.database.setPassword(of: bob, to: hash("new"), now: 500)
        #expect(try house.database.account(bob)?.epoch == 1001)
        #expect(try house.database.setDisabled(true, bob, now: 2000))
        #expect(try !house.database.setDisabled(true, bob, now: 3000))
        #expect(try house.database.account(bob)?.epoch == 2000)
        #expect(try house.database.account(bob)?.isDisabled == true)
        try house.database.remove(bob)
        try house.database.add(bob, hash: hash(), now: 4000)
        #expect(try house.database.account(bob)?.epoch == 4000)
    }

    @Test func `names the account that is not there`() throws {
        let house = try AccountsHouse()
        let bob = try name("bob")
        let stored = try hash()
        for body in [
            { try house.database.remove(bob) },
            { try house.database.setPassword(of: bob, to: stored, now: 1) },
            { _ = try house.database.setDisabled(true, bob, now: 1) }, { _ = try house.database.unlock(bob) },
        ] as [() throws -> Void] {
            #expect(try failure(body).reason == .noSuchAccount(bob))
        }
    }

    @Test func `takes hostile text as data`() throws {
        let house = try AccountsHouse()
        let hostile = try name("x'); DROP TABLE users;--")
        try house.database.add(hostile, hash: hash(), now: 1)
        try house.database.add(name("%"), hash: hash(), now: 1)
        #expect(try house.database.account(hostile) != nil)
        #expect(try house.database.account(name("_")) == nil)
        #expect(try house.database.accounts().count == 2)
    }

    @Test func `leaves nothing of a removed hash in its files`() throws {
        let house = try AccountsHouse()
        let stored = try hash()
        try house.database.add(name("bob"), hash: stored, now: 1)
        try house.database.remove(name("bob"))
        try house.database.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: house.path))
        #expect(bytes.range(of: Data(stored.text.utf8.suffix(43))) == nil)
    }

    @Test func `is not made when it is only asked for`() throws {
        let house = try AccountsHouse()
        let elsewhere = house.folder + "/other/users.db"
        #expect(try failure { _ = try UserDatabase(path: elsewhere, absence: .fail) }.reason == .missing)
        #expect(throws: Errno.noSuchFile) { try Files.status(house.folder + "/other") }
    }

    @Test func `refuses a file or folder that others could write or read, links, and other kinds`() throws {
        for fault in ["group reads", "folder writable", "symbolic link", "hard link", "FIFO", "directory"] {
            let house = try AccountsHouse()
            let path = house.folder + "/more/users.db"
            _ = try UserDatabase(path: path)
            switch fault {
            case "group reads": try Files.changeMode(of: path, to: 0o640)
            case "folder writable": try Files.changeMode(of: house.folder + "/more", to: 0o770)
            case "hard link":
                try Files.link(
                    path,
                    in: Files.workingDirectory,
                    to: house.folder + "/l",
                    in: Files.workingDirectory
                )
            default:
                try Files.unlink(path)
                if fault == "symbolic link" { #expect(unsafe symlink(house.path, path) == 0) }
                if fault == "FIFO" { #expect(unsafe mkfifo(path, 0o600) == 0) }
                if fault == "directory" { try Files.makeDirectory(path, mode: 0o700) }
            }
            let error = try failure { _ = try UserDatabase(path: path) }
            guard case .unsafe = error.reason else {
                Issue.record("\(fault): \(error)")
                continue
            }
        }
    }

    @Test func `of a newer release, of another program, or of rubbish is refused and stays as it is`() throws
    {
        for (statement, expected) in [
            ("PRAGMA user_version = 99", "newer"), ("PRAGMA application_id = 1", "damaged"),
        ] {
            let house = try AccountsHouse()
            try house.database.writeWithoutTransaction { db in try db.execute(sql: statement) }
            let error = try failure { _ = try UserDatabase(path: house.path) }
            #expect("\(error.reason)".hasPrefix(expected), "\(error)")
        }
        let house = try AccountsHouse()
        for (content, sql) in [([UInt8](repeating: 0x41, count: 5000), false), ([], true)] {
            let path = house.folder + "/foreign-\(sql).db"
            try Data(content).write(to: URL(fileURLWithPath: path))
            try Files.changeMode(of: path, to: 0o600)
            if sql {
                try DatabaseQueue(path: path).write { db in try db.execute(sql: "CREATE TABLE theirs (x)") }
            }
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let error = try failure { _ = try UserDatabase(path: path) }
            guard case .damaged = error.reason else {
                Issue.record("\(error)")
                return
            }
            if !sql { #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before) }
        }
    }

    @Test func `does not show a hash in an error`() throws {
        let house = try AccountsHouse()
        let stored = try hash()
        let error = try failure {
            try house.database.write { db in
                try db.execute(
                    sql: "INSERT INTO users (name, hash) VALUES (?, ?)",
                    arguments: ["x", stored.text]
                )
            }
        }
        #expect(!"\(error)".contains("argon2"))
    }

    @Test func `takes accounts from two processes at once, from the first moment of its life`() async throws {
        let path = NSTemporaryDirectory() + "accounts-" + UUID().uuidString + "/users.db"
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        async let one = #expect(processExitsWith: .success) { [path = path as String] in
            try addMany("one", path)
        }
        async let other = #expect(processExitsWith: .success) { [path = path as String] in
            try addMany("other", path)
        }
        _ = await (one, other)
        #expect(try UserDatabase(path: path, absence: .fail).accounts().count == 100)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can make files for others"))
    func `made by root in a service's folder belongs to the service`() throws {
        let house = try AccountsHouse()
        try Files.makeDirectory(house.folder + "/service", mode: 0o700)
        try Files.changeOwner(of: house.folder + "/service", user: 65534, group: 65534)
        let database = try UserDatabase(path: house.folder + "/service/users.db")
        try database.add(name("bob"), hash: hash(), now: 1)
        for suffix in ["", "-wal", "-shm"] {
            #expect(try Files.status(database.path + suffix).user == 65534, "\(suffix)")
        }
    }
}

private func addMany(_ prefix: String, _ path: String) throws {
    let database = try UserDatabase(path: path)
    let hash = try PasswordHash(of: password("right password"), cost: .quick, with: Argon2())
    for number in 0..<50 {
        try database.add(AccountName(normalising: "\(prefix)\(number)"), hash: hash, now: 1)
    }
}
