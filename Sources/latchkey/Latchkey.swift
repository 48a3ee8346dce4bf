internal import ArgumentParser
internal import Supervision

/// The operator's command.
@main
struct Latchkey: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "latchkey",
        abstract: "Session login for nginx.",
        version: version,
        subcommands: [
            Serve.self, Dev.self, Status.self, Workers.self, UserCommand.self, SessionCommand.self,
            CheckConfig.self,
            HashPassword.self,
            AccountsProcess.self,
        ]
    )

    /// Runs the command line, and ends with the code of sysexits.h that fits what happened.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as CommandError {
            Console.complain(error)
            exit(withError: ExitCode(error.code))
        } catch {
            exit(withError: error)
        }
    }
}
