import Foundation
import Testing

/// Which module may import which: the arrows of the house, and no others.
@Suite struct `The arrows between the rooms` {
    static let allowed: [String: Set<String>] = [
        "Kernel": ["CKernel", "Glibc", "Synchronization"],
        "Web": ["HTTPTypes"],
        "FastCGI": ["CFastCGI", "Kernel", "Web", "Logging", "Synchronization"],
        "Sessions": ["CSodium", "Kernel", "Web", "Logging", "Synchronization"],
        "SessionStoreTesting": ["Kernel", "Sessions", "Web", "Testing", "Synchronization", "Logging"],
        "AccountsClient": ["Kernel", "Synchronization"],
        "Accounts": [
            "AccountsClient", "CSodium", "Foundation", "GRDB", "Kernel", "Logging", "Synchronization",
        ],
        "Supervision": ["Kernel", "Logging", "Synchronization"],
        "latchkey-worker": [
            "AccountsClient", "FastCGI", "Kernel", "Logging", "Sessions", "Synchronization", "Web",
        ],
        "latchkey": [
            "Accounts", "AccountsClient", "ArgumentParser", "Foundation", "Kernel", "Logging", "Sessions",
            "Supervision", "Synchronization", "Web",
        ],
    ]

    @Test func `are only those that are drawn`() throws {
        var looked = 0
        for file in try House.files("Sources") {
            let module = House.module(of: file.path)
            let arrows = try #require(Self.allowed[module], "\(file.path): \(module) is not in the table")
            let foreign = House.imports(file).subtracting(arrows)
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
            looked += 1
        }
        #expect(looked > 50)
    }

    @Test func `all stand in the manifest`() throws {
        let manifest = try House.read("Package.swift")
        for module in Self.allowed.keys { #expect(manifest.contains("name: \"\(module)\""), "\(module)") }
    }
}

/// Who holds which power.
@Suite struct `The powers` {
    @Test func `of the C library are Kernel's alone`() throws {
        for file in try House.files("Sources") where House.module(of: file.path) != "Kernel" {
            #expect(!House.imports(file).contains("Glibc"), "\(file.path)")
        }
    }

    @Test func `of libfcgi are one file's`() throws {
        for file in try House.files("Sources") where file.path != "Sources/FastCGI/FastCGIConnection.swift" {
            #expect(!file.code.contains { $0.contains("FCGX_") }, "\(file.path)")
        }
    }

    @Test func `of the secrets are the signers'`() throws {
        let holders: Set<String> = [
            "Sources/Sessions/SessionSecrets.swift", "Sources/Sessions/CookieSigner.swift",
        ]
        for file in try House.files("Sources/Sessions") where !holders.contains(file.path) {
            for word in [".secrets.", "crypto_auth_hmacsha256"] {
                #expect(!file.code.contains { $0.contains(word) }, "\(file.path)")
            }
        }
    }

    @Test func `of the wall clock are the programs'`() throws {
        let edges: Set<String> = ["latchkey-worker", "latchkey", "Accounts", "Kernel"]
        for file in try House.files("Sources") where !edges.contains(House.module(of: file.path)) {
            #expect(!file.code.contains { $0.contains("Clocks.wallMilliseconds") }, "\(file.path)")
        }
    }

    @Test func `of errno are one place's`() throws {
        for file in try House.files("Sources") where House.module(of: file.path) != "Kernel" {
            #expect(!file.code.contains { $0.contains("errno)") && $0.contains("Glibc") }, "\(file.path)")
        }
    }

    @Test func `of concurrency's tasks are nobody's`() throws {
        for file in try House.files("Sources") where !["latchkey"].contains(House.module(of: file.path)) {
            let words = ["Task {", "Task.detached", " await ", " async ", " actor "]
            let offending = file.code.filter { line in words.contains { line.contains($0) } }
            #expect(offending.isEmpty, "\(file.path): \(offending)")
        }
    }

    @Test func `of Foundation are kept out of what the worker links`() throws {
        let lean: Set<String> = [
            "Kernel", "Web", "FastCGI", "Sessions", "AccountsClient", "Supervision", "latchkey-worker",
        ]
        var looked = 0
        for file in try House.files("Sources") where lean.contains(House.module(of: file.path)) {
            #expect(!House.imports(file).contains { $0.hasPrefix("Foundation") }, "\(file.path)")
            looked += 1
        }
        #expect(looked > 50)
    }
}

/// Habits that a compiler does not keep.
@Suite struct `The code` {
    static let traps = ["try!", "as!", "fatalError(", "preconditionFailure(", "assertionFailure("]

    @Test func `never forces, and never traps on purpose`() throws {
        for file in try House.files("Sources") {
            for (number, line) in file.code.enumerated() {
                for word in Self.traps where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1): \(word)")
                }
            }
        }
    }

    @Test func `says why each unchecked claim is safe`() throws {
        for file in try House.files("Sources") {
            for (number, line) in file.code.enumerated() {
                guard line.contains("@unchecked") || line.contains("nonisolated(unsafe)") else { continue }
                let around = file.lines[max(0, number - 4)...min(file.lines.count - 1, number + 4)]
                #expect(around.contains { $0.contains("Safe because") }, "\(file.path):\(number + 1)")
            }
        }
    }

    @Test func `has files that one can read in one sitting`() throws {
        let files = try House.files("Sources")
        for file in files { #expect(file.lines.count <= 350, "\(file.path) has \(file.lines.count) lines") }
        let long = files.filter { $0.lines.count > 200 }
        #expect(long.count * 5 <= files.count, "over 200 lines: \(long.map(\.path))")
    }

    @Test func `has no rooms for odds and ends`() throws {
        for file in try House.files("Sources") {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            for word in ["Util", "Helper", "Manager", "Common", "Misc"] {
                #expect(!name.contains(word), "\(file.path)")
            }
        }
    }

    @Test func `names the twelve steps of a request, each somewhere`() throws {
        let files = try House.files("Sources")
        let readme = try House.read("README.md")
        for step in 2...11 {
            let named = files.filter { $0.text.contains("Step \(step) of 12") }
            #expect(!named.isEmpty, "step \(step)")
        }
        let last = files.filter { $0.text.contains("Step 12 of 12") }
        #expect(!last.isEmpty)
        // Every file that the table of the README names is there.
        for line in readme.components(separatedBy: "\n") where line.hasPrefix("| ") {
            for piece in line.components(separatedBy: "`")
            where piece.hasSuffix(".swift") && piece.contains("/") {
                #expect(files.contains { $0.path == "Sources/" + piece }, "README names \(piece)")
            }
        }
    }

    @Test func `keeps the top level to the layout`() throws {
        let expected: Set<String> = [
            "Package.swift", "Sources", "Tests", "nginx", "deploy", "README.md", "Package.resolved",
        ]
        let found = try Folder.names(House.root.path).filter { !$0.hasPrefix(".") }
        #expect(Set(found).subtracting(expected).isEmpty, "\(found)")
    }
}
