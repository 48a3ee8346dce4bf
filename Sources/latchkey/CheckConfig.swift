internal import Accounts
internal import ArgumentParser
internal import Kernel
internal import Supervision

/// `latchkey check-config`.
struct CheckConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Say everything that is wrong with the configuration, without starting anything.",
        discussion: "Ends with 78 when something is wrong. What only warns does not hinder a start."
    )

    @Flag(help: "Write JSON, one line: errors, warnings, and the settings as they would be taken.") var json =
        false
    @OptionGroup var place: PlaceOptions

    func run() throws {
        var findings = ConfigurationFindings()
        do throws(CommandError) {
            findings.look(at: try place.read())
        } catch {
            findings.errors += error.why.isEmpty ? [error.what] : error.why
        }
        if json {
            Console.print(findings.json.text)
        } else {
            for error in findings.errors {
                Console.print("\(Console.paint("error", .red, on: 1))    \(error)")
            }
            for warning in findings.warnings {
                Console.print("\(Console.paint("warning", .yellow, on: 1))  \(warning)")
            }
            Console.say(findings.summary)
        }
        if !findings.errors.isEmpty { throw ExitCode(Sysexit.configuration) }
    }
}
