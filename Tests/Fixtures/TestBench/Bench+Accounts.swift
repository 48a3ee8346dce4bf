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

    /// A database with both users, made once by the command and then copied.
    private static let users = Result {
        try Bench.with { bench in
            let configuration = "\(bench.folder)/latchkey.conf"
            let path = "\(bench.folder)/users.db"
            try Folder.write("users = \(path)\nhash-memory = 64k\nhash-passes = 1\n", to: configuration)
            for (name, password) in [("johnDoe", "password123"), ("janeSmith", "securePass")] {
                try bench.succeed(
                    "user-\(name)",
                    try BuiltPrograms.path("latchkey"),
                    ["user", "add", name, "--password-stdin", "--config", configuration],
                    input: password + "\n"
                )
            }
            return Folder.bytes(of: path)
        }
    }
}
