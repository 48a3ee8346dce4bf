internal import Accounts
internal import ArgumentParser
internal import Foundation
internal import Kernel
internal import Logging
internal import Supervision

/// `latchkey accounts`, the process that alone opens the database of users.
struct AccountsProcess: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "Answer the workers' questions about users; started by serve and dev.",
        discussion:
            "Descriptor 0 is its listening unix socket. TERM and QUIT let it answer what it has read.",
        shouldDisplay: false
    )

    private static let ends: Set<Signals.Signal> = [.terminate, .quit, .interrupt]

    @Option(help: "The database of users; made when it is missing.") var users: String
    @Option(help: "Memory of a hash, such as 19m.") var hashMemory = Setting.hashMemory.standard
    @Option(help: "Passes over it.") var hashPasses = Setting.hashPasses.standard
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel = "info"

    func run() throws {
        do throws(Errno) {
            try Signals.block(Self.ends)
            try Signals.ignore(.pipe)
            // Hashes and typed passwords are in this memory.
            try Processes.makeUndumpable()
        } catch {
            throw CommandError(Sysexit.system, "cannot prepare the accounts process", why: ["\(error)"])
        }
        var problems: [ConfigurationProblem] = []
        let settings = Configuration(
            [
                WrittenSetting(setting: .hashMemory, value: hashMemory, place: "--hash-memory"),
                WrittenSetting(setting: .hashPasses, value: hashPasses, place: "--hash-passes"),
                WrittenSetting(setting: .logLevel, value: logLevel, place: "--log-level"),
            ],
            problems: &problems
        )
        guard problems.isEmpty else {
            throw CommandError(Sysexit.usage, "the command line is wrong", why: problems.map(\.text))
        }
        guard Sockets.isListening(0) else {
            throw CommandError(
                Sysexit.usage,
                "descriptor 0 is not a listening socket",
                next: "latchkey serve and latchkey dev start this process"
            )
        }
        let logger = Logger(label: "accounts") { StandardErrorLog($0, settings.logLevel) }
        try serve(settings, logger)
    }

    private func serve(_ settings: Configuration, _ logger: Logger) throws(CommandError) {
        let database = try Users.open(users, .create)
        var checks = LoginCheck.Options()
        checks.cost = settings.hashCost
        let check = LoginCheck(database: database, options: checks, logger: logger)
        var options = AccountsServer.Options()
        options.hashesAtOnce = ProcessInfo.processInfo.activeProcessorCount
        do throws(Errno) {
            let server = try AccountsServer(check: check, options: options, logger: logger)
            let thread = try BlockingThread(name: "signals") {
                _ = try? Signals.wait(for: Self.ends, timeoutMilliseconds: -1)
                server.stop()
            }
            // The kernel's word that our parent died comes to the process, so any thread may serve.
            try server.run(listener: 0)
            thread.join()
        } catch {
            throw CommandError(Sysexit.software, "the accounts process failed", why: ["\(error)"])
        }
    }
}
