internal import ArgumentParser
internal import Kernel
internal import Logging
internal import Supervision

/// `latchkey serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the pool in the foreground; systemd starts this.",
        discussion: """
            Starts the workers and the accounts process, replaces what dies, and stops gracefully on TERM and QUIT, quickly on \
            INT. HUP replaces all workers one by one and takes what changed in the file, TTIN and TTOU are one worker more \
            and one fewer. A socket of LISTEN_FDS is taken instead of making one.
            """
    )

    @OptionGroup var place: ConfigurationOption
    @OptionGroup(title: "Settings (each can stand in the file, as name = value)") var flags: ServeFlags

    func run() throws {
        try Self.blockSignals()
        let settings = try place.read(flags.written)
        let level = settings.logLevel
        let logger = Logger(label: "latchkey") { StandardErrorLog($0, level) }
        for path in [settings.socket, settings.accountsSocket, settings.controlSocket] {
            try Folders.make(Folders.parent(path), mode: 0o755)
        }
        let setup = try PoolSetup(settings, takesPassedSocket: true, logger)
        let code = try setup.run { () throws(CommandError) in try place.read(flags.written) }
        throw ExitCode(code)
    }

    static func blockSignals() throws(CommandError) {
        do throws(Errno) { try Supervisor.blockSignals() } catch {
            throw CommandError(Sysexit.system, "cannot block signals", why: ["\(error)"])
        }
    }
}
