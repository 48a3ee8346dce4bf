internal import Kernel

extension Bench {
    /// Whether programs can have mounts of their own here: root in a container may not be allowed to.
    public static let canMount: Bool = {
        guard Processes.user == 0 else { return false }
        return
            (try? with { bench in
                try bench.succeed(
                    "unshare",
                    try BuiltPrograms.system("unshare"),
                    ["--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", bench.folder]
                )
            }) != nil
    }()

    /// A worker that sees a file system of its own at its session folder; it goes with the worker.
    ///
    /// - Parameters:
    ///   - commands: what a shell does before the worker starts; `$DIR` is the session folder.
    ///   - options: the worker's.
    /// - Returns: the worker, and its session folder as others see it.
    /// - Throws: where it cannot be started.
    public func worker(behind commands: String, _ options: WorkerOptions) throws -> (
        workers: Workers, folder: String
    ) {
        var options = options
        let folder = options.sessions ?? "\(self.folder)/sessions"
        options.sessions = folder
        if Folder.entries(folder).isEmpty { try Folder.make(folder) }
        let socket = "\(self.folder)/mount-\(UInt16.random(in: 0 ... .max)).sock"
        let words =
            [
                "--mount", "--propagation", "private", "/bin/sh", "-c",
                "set -e; DIR=\(folder); \(commands); exec \"$@\"", "sh",
                try BuiltPrograms.path("latchkey-worker"),
            ] + (try workerArguments(options))
        let process = try listening(at: socket) { listener in
            try start("mounted", try BuiltPrograms.system("unshare"), words, input: listener)
        }
        let workers = Workers(processes: [process], socket: socket, sessions: folder)
        return (workers, "/proc/\(process.id)/root\(folder)")
    }
}
