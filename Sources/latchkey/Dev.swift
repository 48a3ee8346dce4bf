internal import ArgumentParser
internal import Kernel
internal import Logging
internal import Supervision

/// `latchkey dev`.
struct Dev: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try it: a private nginx, workers and users in one folder, without root.",
        discussion: """
            Prints "ready http://localhost:PORT" on standard output once a request through nginx is answered. Ctrl-C or \
            TERM stops everything. The folder keeps the users and the sessions for the next time; delete it to begin anew.
            """
    )

    @Option(help: ArgumentHelp("The port on 127.0.0.1; 0 takes a free one.", valueName: "port")) var port:
        UInt16 = 8080
    @Option(
        help: ArgumentHelp("The folder for everything that is kept.", valueName: "folder"),
        completion: .directory
    )
    var state = ".build/latchkey-dev"
    @Option(help: "Worker processes, 1 to 64.") var workers = 2
    @Option(help: "Threads of each worker, 1 to 256.") var threads = 4
    @Option(help: "Session options, as in a site file: \"idle=30m; rolling=on\".") var options = ""
    @Option(
        help: ArgumentHelp(
            "A user to add, or to give this password; repeatable. For trying only: the list of processes shows it.",
            valueName: "name:password"
        )
    )
    var user: [String] = []
    @Flag(help: "Add the users of the README: johnDoe / password123 and janeSmith / securePass.") var demo =
        false
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel = "notice"
    @Option(help: ArgumentHelp("The file of the worker program.", valueName: "file"), completion: .file())
    var workerProgram: String?

    func validate() throws {
        guard WorkerPoolOptions.workerRange.contains(workers) else {
            throw ValidationError("--workers is a number from 1 to 64, not \(workers)")
        }
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is a number from 1 to 256, not \(threads)")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            let hint = NearestWord.hint(logLevel, among: Logger.Level.allCases.map(\.rawValue))
            throw ValidationError("--log-level: \"\(logLevel)\" is not a level\(hint)")
        }
        for pair in user where pair.split(separator: ":", maxSplits: 1).count < 2 {
            throw ValidationError("--user takes NAME:PASSWORD, not \"\(pair)\"")
        }
    }

    func run() throws {
        try Serve.blockSignals()
        let level = Logger.Level(rawValue: logLevel) ?? .notice
        let logger = Logger(label: "latchkey") { StandardErrorLog($0, level) }
        let nginx = try PrivateNginx.find()
        let port = try PrivateNginx.freePort(port)
        let folder = try DevFolder.make(state)
        defer { folder.end() }
        var settings = folder.configuration
        settings.workers = workers
        settings.threads = threads
        settings.workerProgram = workerProgram
        settings.logLevel = level
        try ensureWorker(settings)
        try DevUsers.prepare((demo ? DevUsers.demo : []) + users, settings)
        let site = NginxConfiguration(
            folder: folder.nginx,
            port: port,
            socket: settings.socket,
            options: options
        )
        let program = try PrivateNginx.prepare(nginx, site)
        var setup = try PoolSetup(settings, takesPassedSocket: false, logger)
        setup.add(PrivateNginx.service, program)

        let probe = ReadinessProbe(port: port)
        let thread = try probe.start {
            Console.print("ready http://localhost:\(port)")
        } onDelay: { answer in
            Console.say("not ready yet, the site answers: \(answer); see \(folder.nginx)/error.log")
        }
        let ready = settings
        let code = try setup.run { () throws(CommandError) in ready }
        probe.stop()
        thread.join()
        throw ExitCode(code)
    }

    private var users: [(name: String, password: String)] {
        user.map { pair in
            let parts = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts.first ?? ""), String(parts.last ?? ""))
        }
    }

    private func ensureWorker(_ settings: Configuration) throws(CommandError) {
        let path = try PoolSetup.workerPath(settings)
        guard let status = try? Files.status(path), status.kind != .directory else {
            throw CommandError(
                Sysexit.configuration,
                "there is no worker program \(path)",
                next: "build it: swift build --product latchkey-worker, or name it: --worker-program FILE"
            )
        }
    }
}
