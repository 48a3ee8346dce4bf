import AccountsClient
import Testing

@testable import Accounts

@Suite struct `an account's name` {
    @Test(arguments: [
        "johnDoe", "a", "bob@example.org", "o'brien", "mary ann", "<b>bold</b>", "caf\u{E9}",
        "\u{738B}\u{5C0F}\u{660E}",
        "\u{438}\u{432}\u{430}\u{43D}", "\u{1F511}", "a-b_c.d+e", String(repeating: "\u{1F511}", count: 64),
    ])
    func `may be this`(text: String) throws {
        let name = try AccountName(normalising: text)
        #expect(name.text.utf8.elementsEqual(text.utf8))
        #expect(AccountName(typed: Array(text.utf8)) == name)
    }

    @Test(arguments: [
        ("", AccountNameProblem.empty), (" bob", .space), ("bob ", .space), ("mary  ann", .space),
        ("-x", .leadingHyphen),
        ("a:b", .colon), ("a\r\nb", .invisible("\r")), ("a\0", .invisible("\0")),
        ("a\u{1B}[31m", .invisible("\u{1B}")),
        ("bob\u{200B}", .invisible("\u{200B}")), ("bob\u{202E}", .invisible("\u{202E}")),
        ("b\u{AD}ob", .invisible("\u{AD}")),
        ("bob\u{A0}x", .invisible("\u{A0}")), ("\u{301}bob", .invisible("\u{301}")),
        ("\u{E000}", .invisible("\u{E000}")),
        ("\u{FF42}ob", .compatibilityForm), ("o\u{FB01}", .compatibilityForm),
        ("x\u{B2}", .compatibilityForm),
        ("b\u{43E}b", .mixedAlphabets), ("\u{391}lice", .mixedAlphabets),
        (String(repeating: "a", count: 65), .tooLong), (String(repeating: "a", count: 100_000), .tooLong),
    ])
    func `may not be this, for this reason`(text: String, problem: AccountNameProblem) {
        #expect(throws: problem) { try AccountName(normalising: text) }
        #expect(AccountName(typed: Array(text.utf8)) == nil)
        #expect(!problem.description.isEmpty)
    }

    @Test func `both Unicode forms are one name`() throws {
        let composed = try AccountName(normalising: "caf\u{E9}")
        let decomposed = try AccountName(normalising: "cafe\u{301}")
        #expect(Array(composed.text.utf8) == Array(decomposed.text.utf8))
        #expect(composed == decomposed)
        #expect(composed.hashValue == decomposed.hashValue)
    }

    @Test func `equality is that of bytes, not of String`() {
        // Two canonical names never are in two forms; the type must not depend on it.
        #expect("caf\u{E9}" == "cafe\u{301}")
        #expect(AccountName(canonical: "caf\u{E9}") != AccountName(canonical: "cafe\u{301}"))
    }

    @Test(arguments: [
        ("bob", "BOB"), ("johnDoe", "JohnDoe"), ("stra\u{DF}e", "STRASSE"),
        ("\u{3A3}\u{3AF}\u{3C3}", "\u{3C3}\u{3AF}\u{3C2}"),
    ])
    func `has a twin in another case, which is another name`(one: String, other: String) throws {
        let (one, other) = (try AccountName(normalising: one), try AccountName(normalising: other))
        #expect(one != other)
        #expect(one.twin == other.twin)
    }

    @Test func `that is not UTF-8 is none`() {
        #expect(AccountName(typed: [0xFF, 0xFE]) == nil)
        #expect(AccountName(typed: [0xC0, 0x80]) == nil)
    }
}
