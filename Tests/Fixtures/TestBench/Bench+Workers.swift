internal import Foundation
internal import Kernel

extension Bench {
    /// Processes that serve one socket without a supervisor.
    public struct Workers: Sendable {
        /// The processes.
        public let processes: [ChildProcess]
        /// Where they accept.
        public let socket: String
        /// The folder of their session files.
        public let sessions: String

        /// Whether none has ended.
        public var areAllRunning: Bool { processes.allSatisfy(\.isRunning) }

        /// The lines that all of them wrote.
        public var logLines: [String] { processes.flatMap(\.logLines) }
    }

    /// What makes a worker go.
    public struct WorkerOptions: Sendable {
        /// How many processes.
        public var processes = 1
        /// Threads of each.
        public var threads = 4
        /// The folder of the session files; nil is one of the bench's own.
        public var sessions: String?
        /// The accounts process; nil leaves the flag out.
        public var accounts: String?
        /// More flags.
        public var flags: [String] = []
        /// Where the program is; nil is the build under test.
        public var program: String?

        /// One process with four threads.
        public init(accounts: String? = nil) { self.accounts = accounts }
    }

    /// The file of the tests' secret.
    public func secrets() throws -> String {
        let path = "\(folder)/secrets"
        if !FileManager.default.fileExists(atPath: path) { try Folder.write(Secret.text + "\n", to: path) }
        return path
    }

    /// The words behind `latchkey-worker`.
    public func workerArguments(_ options: WorkerOptions) throws -> [String] {
        var words = ["--sessions", options.sessions ?? "\(folder)/sessions", "--secrets", try secrets()]
        words += ["--threads", "\(options.threads)"]
        if let accounts = options.accounts { words += ["--accounts", accounts] }
        return words + options.flags
    }

    /// Starts workers that share a socket, without a supervisor.
    public func workers(_ options: WorkerOptions = WorkerOptions()) throws -> Workers {
        let socket = "\(folder)/worker-\(UInt16.random(in: 0 ... .max)).sock"
        let program = try options.program ?? BuiltPrograms.path("latchkey-worker")
        let processes = try listening(at: socket) { listener in
            try (0..<options.processes).map { _ in
                try start("worker", program, try workerArguments(options), input: listener)
            }
        }
        return Workers(
            processes: processes,
            socket: socket,
            sessions: options.sessions ?? "\(folder)/sessions"
        )
    }

    /// Starts session labs that share a socket and, with a store of files, a folder.
    ///
    /// The store is `memory` or `file:DIR`; nil is a folder of the bench's own in the native layout.
    public func labs(processes count: Int = 1, threads: Int = 4, store: String? = nil) throws -> Workers {
        let socket = "\(folder)/lab-\(UInt16.random(in: 0 ... .max)).sock"
        let program = try BuiltPrograms.path("session-lab")
        let words = [
            "--store", store ?? "file:\(folder)/sessions", "--secret", Secret.text, "--threads", "\(threads)",
        ]
        let processes = try listening(at: socket) { listener in
            try (0..<count).map { _ in try start("lab", program, words, input: listener) }
        }
        return Workers(processes: processes, socket: socket, sessions: "\(folder)/sessions")
    }
}
