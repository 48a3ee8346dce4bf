import Foundation
import Testing

@Suite struct `The ledger` {
    private struct Row {
        let number: String
        let proof: String
    }

    private static let folder = (#filePath as NSString).deletingLastPathComponent

    /// The rows of ExpressCases.md, in order.
    private static func rows() throws -> [Row] {
        let text = try String(contentsOfFile: "\(folder)/ExpressCases.md", encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let cells = line.components(separatedBy: " | ")
            guard line.hasPrefix("| "), cells.count == 3, cells[0] != "| #" else { return nil }
            return Row(number: String(cells[0].dropFirst(2)), proof: String(cells[2].dropLast(2)))
        }
    }

    /// `suite / test` of every test with raw identifiers in the two folders.
    private static func tests() throws -> Set<String> {
        var found: Set<String> = []
        for folder in [folder, (folder as NSString).deletingLastPathComponent + "/ExpressCases"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder)
            where name.hasSuffix(".swift") {
                var suite = ""
                var isTest = false
                for line in try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                    .split(separator: "\n")
                {
                    if let name = quoted(line, after: "struct `") { suite = name }
                    isTest = isTest || line.contains("@Test")
                    guard let test = quoted(line, after: "func `") else { continue }
                    if isTest { found.insert("\(suite) / \(test)") }
                    isTest = false
                }
            }
        }
        return found
    }

    private static func quoted(_ line: some StringProtocol, after start: String) -> String? {
        guard let start = line.range(of: start) else { return nil }
        return String(line[start.upperBound...]).components(separatedBy: "`").first
    }

    @Test func `has each of the 160 cases once, in order`() throws {
        let expected = (1...142).map { "\($0)" } + (1...18).map { "c\($0)" }
        #expect(try Self.rows().map(\.number) == expected)
    }

    @Test func `names tests that exist, and otherwise says why there is none`() throws {
        let tests = try Self.tests()
        for row in try Self.rows() {
            if row.proof.hasPrefix("no meaning: ") {
                #expect(row.proof.count > 30, "\(row.number) needs a reason")
                continue
            }
            let named = row.proof.components(separatedBy: "<br>").filter { $0.hasPrefix("`") }
            #expect(!named.isEmpty, "\(row.number) has no proof")
            for proof in named {
                let name = proof.replacing("`", with: "")
                #expect(tests.contains(name), "\(row.number): there is no test \(name)")
            }
        }
    }

    @Test func `knows of no test of a case that it does not name`() throws {
        let ledger = try Self.rows().map(\.proof).joined(separator: "\n")
        for test in try Self.tests() {
            let parts = test.components(separatedBy: " / ")
            let numbers = parts[1].components(separatedBy: " · ")[0]
            guard parts[1].contains(" · "), numbers != "935" else { continue }
            #expect(ledger.contains("`\(parts[0])` / `\(parts[1])`"), "\(test) stands in no row")
        }
    }
}
