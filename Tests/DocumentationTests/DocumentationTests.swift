import Foundation
import Testing

/// What stands in the texts is what compiles here.
@Suite struct `The documentation` {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let texts = [
        "README": "README.md",
        "Sessions": "Sources/Sessions/Sessions.docc/Sessions.md",
        "FromExpressSession": "Sources/Sessions/Sessions.docc/FromExpressSession.md",
    ]

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8).components(separatedBy: "\n")
    }

    private func bare(_ lines: some Sequence<String>) -> [String] {
        lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// The Swift blocks of a text, without imports and indentation.
    private func blocks(_ text: String) throws -> [[String]] {
        let path = try #require(Self.texts[text])
        var blocks: [[String]] = []
        var block: [String]?
        for line in try lines(path) {
            if line == "```swift" {
                block = []
            } else if line == "```", let whole = block {
                blocks.append(bare(whole).filter { !$0.hasPrefix("import ") })
                block = nil
            } else {
                block?.append(line)
            }
        }
        return blocks
    }

    /// The lines between `begin: TEXT` and `end: TEXT` of the compiled examples.
    private func compiled(_ text: String) throws -> [String] {
        var isInside = false
        var found: [String] = []
        for line in try lines("Tests/DocumentationTests/ExampleTests.swift") {
            let word = line.trimmingCharacters(in: .whitespaces)
            if word.hasPrefix("// begin:") || word.hasPrefix("// end:") {
                if word.contains(text) { isInside = word.hasPrefix("// begin:") }
                continue
            }
            if isInside { found.append(line) }
        }
        return bare(found)
    }

    @Test(arguments: ["README", "Sessions", "FromExpressSession"])
    func `shows only Swift that compiles`(_ text: String) throws {
        let blocks = try blocks(text)
        #expect(!blocks.isEmpty)
        let compiled = try compiled(text)
        for line in blocks.joined() { #expect(compiled.contains(line), "\(text): \(line)") }
    }

    @Test func `names every site option in the README's table`() throws {
        let readme = try lines("README.md").joined(separator: "\n")
        let source = try lines("Sources/Sessions/SessionOptions+Site.swift").joined(separator: "\n")
        let list = try #require(source.range(of: "static let names = ["))
        let end = try #require(source.range(of: "]", range: list.upperBound..<source.endIndex))
        let names = source[list.upperBound..<end.lowerBound].components(separatedBy: "\"").enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element)
        #expect(names.count > 20)
        for name in names { #expect(readme.contains("`\(name)`"), "\(name)") }
    }

    @Test func `has an example of each main type`() throws {
        let examples = try lines("Tests/DocumentationTests/ExampleTests.swift").joined(separator: "\n")
        for type in [
            "SessionMiddleware", "SessionKey", "Router", "FileSessionStore", "MemorySessionStore",
            "FastCGIServer",
            "SessionStorePromise", "TokenSigner", "SiteOptions", "SessionSecrets", "SessionOptions",
            "Request(",
        ] {
            #expect(examples.contains(type), "\(type)")
        }
    }
}
