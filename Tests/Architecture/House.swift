import Foundation

/// The checkout as text: which files there are, and what they say.
enum House {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// From the top of the checkout: `Sources/Web/Router.swift`.
        let path: String
        let lines: [String]
        var text: String { lines.joined(separator: "\n") }

        /// The lines without what stands behind `//`: code alone.
        var code: [String] {
            lines.map { line in
                guard let comment = line.firstRange(of: "//") else { return line }
                return String(line[..<comment.lowerBound])
            }
        }
    }

    static func read(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The files below a folder that end so, sorted.
    static func files(_ folder: String, ending: String = ".swift") throws -> [File] {
        let start = root.appending(path: folder)
        guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else {
            return []
        }
        var files: [File] = []
        for case let url as URL in walk where url.path.hasSuffix(ending) {
            let path = String(url.path.dropFirst(root.path.count + 1))
            files.append(
                File(
                    path: path,
                    lines: try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
                )
            )
        }
        return files.sorted { $0.path < $1.path }
    }

    /// The module that a file belongs to; the accounts room is two.
    static func module(of path: String) -> String {
        if path.hasPrefix("Sources/Accounts/Client/") { return "AccountsClient" }
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    /// The modules that a file imports.
    static func imports(_ file: File) -> Set<String> {
        var modules: Set<String> = []
        for line in file.code {
            let words = line.split(separator: " ").map(String.init)
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { continue }
            let before = words[..<place]
            guard
                before.allSatisfy({
                    $0.hasPrefix("@") || ["public", "internal", "package", "private"].contains($0)
                })
            else { continue }
            var name = words[place + 1]
            if ["struct", "func", "class", "enum", "var", "protocol"].contains(name), place + 2 < words.count
            {
                name = words[place + 2]
            }
            modules.insert(String(name.split(separator: ".")[0]))
        }
        return modules
    }
}
