internal import ArgumentParser
internal import Kernel
internal import Supervision

/// Which running pool a command speaks to.
struct ControlOptions: ParsableArguments {
    @OptionGroup var place: PlaceOptions

    /// Asks, and gives the answer without its first line.
    func ask(_ command: ControlCommand) throws(CommandError) -> String {
        let path = try place.read().controlSocket
        let answer: String
        do throws(Errno) { answer = try ControlSocket.ask(command, at: path) } catch {
            switch error {
            case .noSuchFile, .connectionRefused:
                throw CommandError(
                    Sysexit.unavailable,
                    "no pool is running here: nobody answers at \(path)",
                    next:
                        "start it (latchkey serve), or say where it is: --config FILE, or --state DIR for dev"
                )
            case .accessDenied, .notPermitted:
                throw CommandError(
                    Sysexit.permission,
                    "this user may not ask the pool at \(path)",
                    next: "run it as root or as the pool's user"
                )
            default:
                throw CommandError(
                    Sysexit.unavailable,
                    "the pool at \(path) does not answer",
                    why: ["\(error)"]
                )
            }
        }
        let lines = answer.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard lines.first == "ok" else {
            throw CommandError(
                Sysexit.permission,
                "the pool at \(path) refused",
                why: [Console.harmless(answer.isEmpty ? "it answers only root and its own user" : answer)]
            )
        }
        return lines.count > 1 ? String(lines[1]) : ""
    }
}
