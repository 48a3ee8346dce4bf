internal import Kernel
internal import Logging
internal import Sessions
internal import Supervision

/// The session files, with their errors in a command's words.
enum Stores {
    /// Opens the store of a configuration; what it puts aside is logged.
    static func open(_ settings: Configuration, _ logger: Logger) throws(CommandError) -> FileSessionStore {
        var options = FileSessionStore.Options()
        options.layout = FileSessionStore.Options.Layout(rawValue: settings.layout) ?? .native
        options.durability = FileSessionStore.Options.Durability(rawValue: settings.durability) ?? .identity
        do throws(SessionStoreError) {
            return try FileSessionStore(directory: settings.sessions, options: options, logger: logger)
        } catch {
            throw failure(error)
        }
    }

    /// The same for a command that only looks in: a folder that is not there is not made.
    static func existing(_ settings: Configuration) throws(CommandError) -> FileSessionStore {
        guard Folders.exists(settings.sessions) else {
            throw CommandError(
                Sysexit.unavailable,
                "there is no folder of sessions \(settings.sessions)",
                next: "say where it is: --config FILE, or --state DIR for latchkey dev"
            )
        }
        return try open(settings, Logger(label: "latchkey") { StandardErrorLog($0, .warning) })
    }

    static func failure(_ error: SessionStoreError) -> CommandError {
        let code: Int32 =
            switch error.code {
            case .misconfigured: Sysexit.configuration
            case .unavailable where error.underlyingError == .accessDenied: Sysexit.permission
            default: Sysexit.failed
            }
        return CommandError(
            code,
            "the session files cannot be used",
            why: [Console.harmless(error.description)]
        )
    }
}
