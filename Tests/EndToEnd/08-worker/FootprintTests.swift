import Foundation
import TestBench
import Testing

extension EndToEnd {
    /// How small the worker is that is shipped, with sessions and pages of every kind.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(2))) struct `08 the release worker` {
        /// The program to measure.
        ///
        /// A debug build says nothing of size and speed, so without a release build these tests fail, unless `LATCHKEY_DEBUG_ONLY=1` asks to
        /// go without.
        private static let program = BuiltPrograms.releaseFolder.map { "\($0)/latchkey-worker" }
        private static let isWanted = ProcessInfo.processInfo.environment["LATCHKEY_DEBUG_ONLY"] == nil

        private func release() throws -> String {
            guard let program = Self.program else {
                throw BenchError(
                    "there is no release build to measure: swift build -c release --static-swift-stdlib --product latchkey-worker,"
                        + " name its folder by LATCHKEY_RELEASE, or go without by LATCHKEY_DEBUG_ONLY=1"
                )
            }
            return program
        }

        @Test(.enabled(if: isWanted, "LATCHKEY_DEBUG_ONLY is set"))
        func `takes at most 8 MB after 10,000 requests`() throws {
            try Bench.with { bench in
                var options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
                options.program = try release()
                let workers = try bench.workers(options)
                var server = NginxServer(workers.socket)
                server.keptConnections = 16
                let nginx = try bench.nginx(server)
                let owner = nginx.client()
                try owner.signIn()
                let jar = owner.jar
                // Of every kind, over all four threads at once.
                let counts = try Parallel.run(8) { number in
                    let member = nginx.client(keepsConnection: true)
                    member.jar = jar
                    let stranger = nginx.client(keepsConnection: true)
                    var count = 0
                    for round in 0..<180 {
                        for form in Form.allCases {
                            let answer = try member.get("/dashboard", form.accept)
                            guard answer.status == 200 else { throw BenchError("\(answer)") }
                            _ = try stranger.get("/login", form.accept)
                        }
                        _ = try stranger.get(
                            "/nothing/\(number)/\(round)",
                            [("Cookie", "sid=s%3A\(round).forged")]
                        )
                        count += 7
                    }
                    return count
                }
                let count = counts.reduce(0, +)
                #expect(count >= 10_000)
                let resident = try #require(workers.processes[0].facts.residentKiB)
                #expect(resident <= 8 * 1024, "\(resident) KiB")
                // The largest bodies that are taken, over all threads at once, leave only their buffers behind.
                let large = Array(repeating: UInt8(ascii: "x"), count: 65_536)
                try Parallel.run(8) { _ in
                    for _ in 0..<40 { _ = try nginx.client().send("POST", "/login", body: .bytes(large)) }
                }
                let later = try #require(workers.processes[0].facts.residentKiB)
                print(
                    "release worker: \(resident) KiB after \(count) requests, \(later) KiB after 320 large ones"
                )
                #expect(later <= 9 * 1024, "\(later) KiB")
            }
        }

        @Test(.enabled(if: isWanted, "LATCHKEY_DEBUG_ONLY is set"))
        func `links neither Foundation nor SQLite`() throws {
            try Bench.with { bench in
                let program = try release()
                let libraries = try bench.succeed("ldd", try BuiltPrograms.system("ldd"), [program])
                for word in ["Foundation", "sqlite", "libicu", "Dispatch", "libxml", "libcurl"] {
                    #expect(!libraries.localizedCaseInsensitiveContains(word), "\(libraries)")
                }
                let symbols = try bench.succeed("nm", try BuiltPrograms.system("nm"), ["-C", "-p", program])
                #expect(symbols.utf8.count > 10_000)
                for word in ["10Foundation", "20FoundationEssentials", "sqlite3_", "_NSGetEnviron"] {
                    #expect(!symbols.contains(word), "\(word)")
                }
            }
        }
    }
}
