import AccountsClient
import CSodium
import Testing

@testable import Accounts

@Suite struct `a password hash` {
    let engine = Argon2()

    @Test func `is a PHC string of 19 MiB and 2 passes, and verifies`() throws {
        let hash = try PasswordHash(of: password("password123"), cost: .standard, with: engine)
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(hash.text.utf8.count == 31 + 22 + 1 + 43)
        let read = try PasswordHash(parsing: hash.text)
        #expect(read == hash)
        #expect(try read.verify(password("password123"), with: engine))
        #expect(try !read.verify(password("password124"), with: engine))
        #expect(!read.needsRehash(for: .standard))
    }

    @Test func `is read by libsodium, and libsodium's is read here`() throws {
        let ours = try PasswordHash(of: password("secret words"), cost: .quick, with: engine)
        // Safe because the strings are NUL-terminated and the buffer has the size that libsodium asks for.
        #expect(unsafe crypto_pwhash_str_verify(ours.text, "secret words", 12) == 0)
        var theirs = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        #expect(unsafe crypto_pwhash_str(&theirs, "secret words", 12, 1, 65536) == 0)
        let text = String(decoding: theirs.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let read = try PasswordHash(parsing: text)
        #expect(try read.verify(password("secret words"), with: engine))
        #expect(!read.needsRehash(for: .quick))
    }

    // Hashes of the password "password" with the salt "somesalt", as the reference implementation's own tests have them.
    @Test(arguments: [
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
    ])
    func `of another library verifies, and is due for an upgrade`(text: String) throws {
        let hash = try PasswordHash(parsing: text)
        #expect(try hash.verify(password("password"), with: engine))
        #expect(try !hash.verify(password("Password"), with: engine))
        #expect(hash.needsRehash(for: hash.cost))
    }

    @Test func `with another cost is due for an upgrade`() throws {
        let hash = try PasswordHash(of: password("12345678"), cost: .quick, with: engine)
        #expect(!hash.needsRehash(for: .quick))
        #expect(hash.needsRehash(for: .standard))
        let more = try #require(HashCost(memoryKiB: 64, passes: 2))
        #expect(hash.needsRehash(for: more))
    }

    @Test(arguments: [
        "", "$", "$argon2id", "password", "$2y$10$abcdefghijklmnopqrstuu",
        "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$t=2,m=256,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=2000000000,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=99999999999999999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=101,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=17$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4=",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$x",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR*uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        " $argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    ])
    func `is not read from this`(text: String) {
        #expect(throws: PasswordHash.Unreadable.self) { try PasswordHash(parsing: text) }
    }

    @Test func `20,000 mutated strings are refused or read, and never crash`() throws {
        var seed = Seed(for: "PHC strings")
        let good = Array(try PasswordHash(of: password("x"), cost: .quick, with: engine).text.utf8)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &seed) {
                bytes[Int.random(in: 0..<bytes.count, using: &seed)] = UInt8.random(in: 1...127, using: &seed)
            }
            if Bool.random(using: &seed) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &seed)) }
            _ = try? PasswordHash(parsing: String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func `of nothing is no password's, and costs as much`() throws {
        let nothing = PasswordHash.ofNothing(cost: .quick)
        #expect(try !nothing.verify(password("x"), with: engine))
        #expect(engine.computed == 1)
        #expect(try PasswordHash(parsing: nothing.text) == nothing)
        #expect(!nothing.needsRehash(for: .quick))
    }

    @Test func `without memory for it is an error, not a wrong password`() throws {
        let hash = try PasswordHash(of: password("x"), cost: .quick, with: engine)
        let huge = try #require(HashCost(memoryKiB: 1_048_576, passes: 1))
        // Safe to ask for: the salt is refused before any memory is taken.
        #expect(throws: Argon2.OutOfMemory.self) {
            _ = try engine.hash(password("x"), salt: [1], cost: huge, length: 32)
        }
        #expect(try hash.verify(password("x"), with: engine))
    }
}

@Suite struct `a password` {
    let engine = Argon2()

    private func sameHash(_ one: String, _ other: String) throws -> Bool {
        try PasswordHash(of: password(one), cost: .quick, with: engine).verify(password(other), with: engine)
    }

    @Test func `is one password in both Unicode forms`() throws {
        #expect(try sameHash("caf\u{E9} caf\u{E9}", "cafe\u{301} cafe\u{301}"))
        #expect(try sameHash("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"))
    }

    @Test func `is taken exactly: case, ends, every byte to the last`() throws {
        #expect(try !sameHash("Secret", "secret"))
        #expect(try !sameHash(" secret", "secret"))
        #expect(try !sameHash("secret ", "secret"))
        #expect(try !sameHash("\u{FF53}ecret", "secret"))
        let long = String(repeating: "a", count: 1023)
        #expect(try sameHash(long + "b", long + "b"))
        #expect(try !sameHash(long + "b", long + "c"))
        #expect(try !sameHash("sec\0ret", "sec"))
    }

    @Test func `has 1 to 1,024 bytes, and what was typed is wiped`() {
        for (count, fits) in [(0, false), (1, true), (1024, true), (1025, false)] {
            var bytes = [UInt8](repeating: 97, count: count)
            #expect((Password(typed: &bytes) != nil) == fits)
            #expect(bytes.isEmpty)
        }
    }

    @Test func `may be bytes that are not text, but not when it is set`() throws {
        var bytes: [UInt8] = [0xFF, 0xFE, 1, 2, 3, 4, 5, 6, 7, 8]
        let rubbish = try #require(Password(typed: &bytes))
        let name = try AccountName(normalising: "bob")
        guard case .refused = PasswordRules().verdict(on: rubbish, for: name) else {
            Issue.record("taken")
            return
        }
    }

    @Test func `shows nothing of itself`() throws {
        #expect("\(try password("hunter2hunter2"))" == "(password)")
        var dumped = ""
        dump(try password("hunter2hunter2"), to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test(arguments: [
        ("1234567", "refused"), ("12345678", "weak"), ("password123", "weak"), ("securePass", "weak"),
        ("14 characters.", "weak"),
        ("15 characters..", "accepted"),
        ("\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}", "refused"),
        ("\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}\u{1F511}", "weak"),
        ("               ", "accepted"), ("bobbobbobbob", "refused"),
        ("twelve\nlines and", "refused"),
    ])
    func `is judged by its length in code points`(text: String, expected: String) throws {
        let name = try AccountName(normalising: "bobbobbobbob")
        let verdict = PasswordRules().verdict(on: try password(text), for: name)
        #expect("\(verdict)".hasPrefix(expected))
        #expect(!"\(verdict)".contains(text))
    }
}
