internal import Foundation
internal import Kernel

extension Bench {
    /// A running `latchkey serve`.
    public struct Pool: Sendable {
        /// The supervisor.
        public let supervisor: ChildProcess
        /// Where its workers accept.
        public let socket: String
        /// The folder of the session files.
        public let sessions: String

        /// The workers that run now.
        public var workers: [Int32] { children("latchkey-worker") }
        /// The accounts processes that run now.
        public var accounts: [Int32] { children("accounts") }

        private func children(_ word: String) -> [Int32] {
            supervisor.facts.children.filter { child in
                ProcessFacts(child).arguments.prefix(2).contains { $0.hasSuffix(word) }
            }
        }
    }

    /// Starts `latchkey serve` with the users of the README, and waits until it takes connections.
    public func serve(workers: Int = 2, threads: Int = 4, _ flags: [String] = []) throws -> Pool {
        let users = "\(folder)/users.db"
        if !FileManager.default.fileExists(atPath: users) { try makeUsers(at: users) }
        let socket = "\(folder)/latchkey.sock"
        let words =
            [
                "serve", "--sessions", "\(folder)/sessions", "--users", users, "--secrets", try secrets(),
                "--socket", socket, "--accounts-socket", "\(folder)/accounts.sock",
                "--control-socket", "\(folder)/control.sock",
                "--workers", "\(workers)", "--threads", "\(threads)",
            ] + Self.quickHashes + flags
        let supervisor = try start("serve", try BuiltPrograms.path("latchkey"), words)
        let pool = Pool(supervisor: supervisor, socket: socket, sessions: "\(folder)/sessions")
        try Waiting.until("latchkey serve to start its workers") {
            guard supervisor.isRunning else { throw BenchError(supervisor.tail) }
            guard (try? Sockets.connect(unix: socket)) != nil else { return false }
            return pool.workers.count == workers
        }
        return pool
    }
}
