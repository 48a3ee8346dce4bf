import AccountsClient
import FastCGI
import Kernel
import Logging
import Sessions
import Web

// The composition root: flags in, threads out. Exit codes: 0 stopped, 64 usage, 70 failed, 78 cannot start as configured.

func leave(_ code: Int32, _ message: String) -> Never {
    try? Files.writeAll(2, Array("latchkey-worker: \(message)\n".utf8))
    Processes.exit(code)
}

let configuration: WorkerConfiguration
do throws(WorkerConfiguration.Failure) {
    configuration = try WorkerConfiguration(CommandLine.arguments.dropFirst())
} catch {
    leave(64, error.description)
}
switch configuration.asks {
case .help:
    try? Files.writeAll(1, Array(WorkerConfiguration.usage.utf8))
    Processes.exit(0)
case .version:
    try? Files.writeAll(1, Array((WorkerConfiguration.version + "\n").utf8))
    Processes.exit(0)
case nil: break
}

// Before any thread starts, so that all of them have the signals blocked: one thread takes them as values.
let stopSignals: Set<Signals.Signal> = [.terminate, .interrupt, .quit]
do throws(Errno) {
    try Signals.block(stopSignals.union([.hangup, .user1, .user2, .windowChange]))
    try Signals.ignore(.pipe)
    // Secrets are in this memory: no core dump, and no other process of this user, may read it.
    try Processes.makeUndumpable()
    try Processes.setLimit(.coreBytes, to: 0)
} catch {
    leave(70, "cannot set up the process: \(error)")
}
_ = Processes.setFileCreationMask(0o077)

// Few threads allocate little: two arenas instead of eight a core keep freed bodies from staying in each of them.
Memory.limitArenas(to: 2)

let logger = Logger(label: "worker") { _ in LogfmtHandler(label: "worker", logLevel: configuration.logLevel) }
let secrets: SessionSecrets
do throws(SecretsFile.Failure) {
    secrets = try SecretsFile.read(configuration.secrets, minimumBytes: configuration.minimumSecret)
} catch {
    leave(78, error.description)
}
let store: FileSessionStore
do throws(SessionStoreError) {
    var options = FileSessionStore.Options()
    options.durability = configuration.durability
    options.layout = configuration.layout
    store = try FileSessionStore(directory: configuration.sessions, options: options, logger: logger)
} catch {
    leave(78, "\(error)")
}
let pages = Pages(
    accounts: configuration.accounts.map {
        // One thread stays free for other requests while sign-ins wait for their hashes.
        AccountsClient(socketPath: $0, atOnce: max(1, configuration.server.threads - 1))
    },
    tokens: FormTokens(secrets),
    logger: logger
)
let application = Application(
    store: store,
    secrets: secrets,
    pages: pages,
    limits: configuration.limits,
    now: { UnixTime(milliseconds: Clocks.wallMilliseconds()) },
    logger: logger
)

do {
    let listener = try ListeningSocket.inherited.open()
    let server = try FastCGIServer(listener: listener, options: configuration.server, logger: logger)
    let signals = try BlockingThread(name: "signals") {
        // Beside the first requests, so that nobody waits for it.
        var silent = logger
        silent.logLevel = .critical
        Application(
            store: MemorySessionStore(),
            secrets: secrets,
            pages: Pages(accounts: nil, tokens: FormTokens(secrets), logger: silent),
            limits: configuration.limits,
            now: { UnixTime(milliseconds: Clocks.wallMilliseconds()) },
            logger: silent
        ).warmUp()
        Memory.giveBackStartPages()
        var pause: Int64 = 2000
        while true {
            guard let signal = try? Signals.wait(for: stopSignals, timeoutMilliseconds: pause) else {
                // What the first visitors were the last to need, and now and then what only some did.
                Memory.giveBackStartPages()
                pause = 60_000
                continue
            }
            logger.info("stopping", metadata: ["signal": "\(signal.rawValue)"])
            // INT is quick: what is in hand is left. The others finish it first.
            if signal == .interrupt { Processes.exit(0) }
            server.stop()
        }
    }
    logger.info("serving", metadata: ["threads": "\(configuration.server.threads)"])
    server.run(application.handler)
    logger.info("stopped")
    _ = signals
    Processes.exit(0)
} catch {
    leave(78, "\(error)")
}
