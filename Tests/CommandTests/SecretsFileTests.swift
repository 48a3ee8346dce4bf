import Foundation
import Testing

@testable import latchkey

@Suite struct `The secrets file` {
    @Test func `is made once, for its owner alone, and kept`() throws {
        let house = try CommandHouse()
        defer { house.end() }
        let path = "\(house.folder)/secrets"
        #expect(try SecretsFile.prepare(path, minimum: 32))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("hex:"))
        #expect(text.utf8.count == 4 + 64 + 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try SecretsFile.prepare(path, minimum: 32) == false)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test(arguments: [
        ("hex:00", 0o600, ":1: 1 bytes, a secret has at least 32"),
        ("# only a comment\n\n", 0o600, ": no secret in it"),
        ("", 0o600, ": no secret in it"),
        ("hex:0g\n", 0o600, ":1: after hex: come pairs of hexadecimal digits"),
        ("short\n", 0o600, ":1: 5 bytes, a secret has at least 32"),
        (
            String(repeating: "x", count: 32), 0o644,
            ": its permissions are 0644, others could read it; they must be 0600"
        ),
        (
            String(repeating: "0123456789abcdef0123456789abcdef\n", count: 9), 0o600,
            ": 9 secrets, 8 are the most; drop the oldest"
        ),
    ])
    func `says what is wrong with it`(_ text: String, _ mode: Int, _ expected: String) throws {
        let house = try CommandHouse()
        defer { house.end() }
        let path = try house.write("secrets", text, mode: mode)
        #expect(SecretsFile.problems(path, minimum: 32) == [path + expected])
    }

    @Test func `may hold several, newest first, with comments`() throws {
        let house = try CommandHouse()
        defer { house.end() }
        let text =
            "# new\n" + String(repeating: "a", count: 32) + "\n\n  hex:" + String(repeating: "0F", count: 32)
            + " \r\n"
        #expect(SecretsFile.problems(try house.write("secrets", text), minimum: 32).isEmpty)
    }
}
