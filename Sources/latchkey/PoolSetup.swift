internal import Kernel
internal import Logging
internal import Supervision

/// From a configuration to a supervisor that is ready to run: folders, secrets, sockets, programs.
struct PoolSetup: ~Copyable {
    private let configuration: Configuration
    private let logger: Logger
    private let requests: ListeningSocket
    private let accounts: ListeningSocket
    private let sweeper: Sweeper
    private var services = [Service("accounts", teardown: .worker(grace: 5000), outlivesWorkers: true)]
    private var programs: [String: Program] = [:]

    /// Makes what is missing and opens the sockets; a socket of `LISTEN_FDS` is taken instead of making one, where that is wanted.
    init(_ configuration: Configuration, takesPassedSocket: Bool, _ logger: Logger) throws(CommandError) {
        try Folders.make(Folders.parent(configuration.sessions))
        try Folders.make(Folders.parent(configuration.users))
        try SecretsFile.prepare(configuration.secrets, minimum: configuration.minimumSecret)
        let store = try Stores.open(configuration, logger)
        let requests = try Self.requests(configuration, takesPassedSocket: takesPassedSocket)
        let accounts = try Self.listen(configuration.accountsSocket)
        let path = try Self.ownPath()
        programs["accounts"] = Program(
            path,
            [
                "accounts", "--users", configuration.users, "--log-level", configuration.logLevel.rawValue,
                "--hash-memory", "\(configuration.hashMemory)", "--hash-passes",
                "\(configuration.hashPasses)",
            ],
            environment: ChildEnvironment.lines(),
            input: accounts.number
        )
        self.configuration = configuration
        self.logger = logger
        self.requests = consume requests
        self.accounts = consume accounts
        sweeper = Sweeper(store, every: configuration.sweepInterval, logger)
    }

    /// Puts another child beside the workers.
    mutating func add(_ service: Service, _ program: Program) {
        services.append(service)
        programs[service.name] = program
    }

    /// Runs the pool until it is told to stop, and gives the code to end with; `rereading` is asked for the configuration that a
    /// reload is to take.
    func run(rereading: @escaping () throws(CommandError) -> Configuration) throws(CommandError) -> Int32 {
        let control = try Self.control(configuration.controlSocket)
        let number = requests.number
        var workers = configuration.workers
        let options = WorkerPoolOptions(
            workers: configuration.workers,
            grace: configuration.grace,
            services: services
        )
        var supervisor = Supervisor(
            WorkerPool(options),
            worker: try Self.worker(configuration, number),
            services: programs,
            control: control,
            logger: logger
        ) {
            do throws(CommandError) {
                let new = try rereading()
                let program = try Self.worker(new, number)
                // A number that was set by a command or a signal stays, unless the file has changed its mind.
                defer { workers = new.workers }
                return .use(program, workers: new.workers == workers ? nil : new.workers)
            } catch {
                return .refused(([error.what] + error.why).joined(separator: "; "))
            }
        }
        defer {
            requests.removeName()
            accounts.removeName()
        }
        do throws(Errno) {
            // Its thread holds nothing that must be given back, so it ends with the process.
            _ = try sweeper.start()
            return try supervisor.run()
        } catch {
            throw CommandError(Sysexit.system, "cannot wait for signals", why: ["\(error)"])
        }
    }

    private static func worker(_ configuration: Configuration, _ socket: Int32) throws(CommandError)
        -> Program
    {
        var arguments = [
            "--sessions", configuration.sessions, "--secrets", configuration.secrets,
            "--accounts", configuration.accountsSocket, "--threads", "\(configuration.threads)",
            "--durability", configuration.durability, "--layout", configuration.layout,
            "--body-limit", "\(configuration.bodyLimit)", "--minimum-secret",
            "\(configuration.minimumSecret)",
            "--log-level", configuration.logLevel.rawValue,
        ]
        if let limit = configuration.maxAbsolute { arguments += ["--max-absolute", "\(limit)ms"] }
        for user in configuration.allowedUsers { arguments += ["--allow-user", user] }
        return Program(
            try workerPath(configuration),
            arguments,
            environment: ChildEnvironment.lines(),
            input: socket
        )
    }

    /// Where the worker program is: where the setting says, or beside this program.
    static func workerPath(_ configuration: Configuration) throws(CommandError) -> String {
        if let path = configuration.workerProgram { return path }
        return Folders.parent(try ownPath()) + "/latchkey-worker"
    }

    private static func ownPath() throws(CommandError) -> String {
        do throws(Errno) { return try Processes.executablePath() } catch {
            throw CommandError(Sysexit.system, "cannot find this program's own file", why: ["\(error)"])
        }
    }

    private static func requests(_ configuration: Configuration, takesPassedSocket: Bool) throws(CommandError)
        -> ListeningSocket
    {
        do throws(ListeningSocketError) {
            if takesPassedSocket, let passed = try ListeningSocket.passed() { return passed }
            return try ListeningSocket(
                path: configuration.socket,
                mode: configuration.socketMode,
                group: configuration.socketGroup
            )
        } catch {
            throw refusal(error)
        }
    }

    /// A socket for ourselves alone.
    private static func listen(_ path: String) throws(CommandError) -> ListeningSocket {
        do throws(ListeningSocketError) { return try ListeningSocket(path: path, mode: 0o600) } catch {
            throw refusal(error)
        }
    }

    private static func control(_ path: String) throws(CommandError) -> ControlSocket {
        let listener = try listen(path)
        do throws(Errno) { return try ControlSocket(listener) } catch {
            throw CommandError(Sysexit.system, "cannot watch \(path)", why: ["\(error)"])
        }
    }

    private static func refusal(_ error: ListeningSocketError) -> CommandError {
        switch error.reason {
        case .alreadyServed: CommandError(Sysexit.unavailable, "\(error)")
        default: CommandError(Sysexit.configuration, "\(error)")
        }
    }
}
