internal import Foundation
internal import Kernel
internal import Synchronization

extension Bench {
    /// Costs of a hash that a test can afford.
    static let quickHashes = ["--hash-memory", "64k", "--hash-passes", "1"]

    /// The users of the README, `johnDoe` / `password123` and `janeSmith` / `securePass`, in a database at a path.
    public func makeUsers(at path: String) throws {
        let file = try Files.open(path, [.write, .create, .exclusive], mode: 0o600)
        try Files.writeAll(file.number, try Self.users.get())
    }

    /// Starts the accounts process; the socket it listens on.
    @discardableResult
    public func accounts() throws -> (socket: String, process: ChildProcess) {
        let users = "\(folder)/users.db"
        if !FileManager.default.fileExists(atPath: users) { try makeUsers(at: users) }
        let socket = "\(folder)/accounts-\(UInt16.random(in: 0 ... .max)).sock"
        let program = try BuiltPrograms.path("latchkey")
        let process = try listening(at: socket) { listener in
            try start(
                "accounts",
                program,
                ["accounts", "--users", users] + Self.quickHashes,
                input: listener
            )
        }
        return (socket, process)
    }

    /// Adds a user to the bench's database by the command, with a hash of these costs.
    public func addUser(_ name: String, _ password: String, hashMemory: String = "64k", hashPasses: Int = 1)
        throws
    {
        let configuration = "\(folder)/user-\(name).conf"
        let lines = [
            "users = \(folder)/users.db", "hash-memory = \(hashMemory)", "hash-passes = \(hashPasses)",
        ]
        try Folder.write(lines.joined(separator: "\n") + "\n", to: configuration)
        try succeed(
            "user-\(name)",
            try BuiltPrograms.path("latchkey"),
            ["user", "add", name, "--password-stdin", "--config", configuration],
            input: password + "\n"
        )
    }

    /// A database with both users, made once by the command and then copied.
    private static let users = Result {
        try Bench.with { bench in
            try bench.addUser("johnDoe", "password123")
            try bench.addUser("janeSmith", "securePass")
            return Folder.bytes(of: "\(bench.folder)/users.db")
        }
    }
}
