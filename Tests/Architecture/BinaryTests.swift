import Foundation
import Testing

/// The worker as it is shipped: built in release, with Swift's library inside.
///
/// `Tests/run` builds it and says where in `LATCHKEY_RELEASE`; without that these tests fail rather than pass unseen.
@Suite struct `The release binary of the worker` {
    private func worker() throws -> String {
        let folder = try #require(
            ProcessInfo.processInfo.environment["LATCHKEY_RELEASE"],
            "LATCHKEY_RELEASE names the folder of the release build"
        )
        return folder + "/latchkey-worker"
    }

    private func output(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test func `links no Foundation, and of shared libraries only what it was built on`() throws {
        let libraries = try output("/usr/bin/ldd", [try worker()])
        #expect(libraries.contains("libfcgi") && libraries.contains("libsodium"))
        for name in ["Foundation", "libicu", "sqlite", "libcurl", "libxml"] {
            #expect(!libraries.contains(name), "\(libraries)")
        }
    }

    @Test func `has no symbol of Foundation or GRDB in it`() throws {
        let symbols = try output("/usr/bin/nm", [try worker()])
        #expect(symbols.contains("main"))
        // The mangled names of the modules: $s10Foundation…, $s20FoundationEssentials…, $s4GRDB….
        for mark in ["$s10Foundation", "$s20FoundationEssentials", "$s4GRDB"] {
            let found = symbols.components(separatedBy: "\n").filter {
                $0.contains(" T ") && $0.contains(mark)
            }
            #expect(found.isEmpty, "\(found.prefix(3))")
        }
    }

    @Test func `is small`() throws {
        let size = try FileManager.default.attributesOfItem(atPath: try worker())[.size] as? Int ?? 0
        #expect(size > 100_000 && size < 24 << 20, "\(size) bytes")
    }
}
