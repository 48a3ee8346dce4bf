internal import ArgumentParser
internal import Kernel
internal import Supervision

/// The question before something that cannot be undone.
struct Confirmation: ParsableArguments {
    @Flag(name: [.long, .short], help: "Do it without asking.") var yes = false

    /// Says what will happen and asks; does nothing further with `--yes`.
    ///
    /// - Throws: when the answer is no, or there is nobody to ask.
    func ask(_ what: String) throws(CommandError) {
        if yes { return }
        guard Terminal.isTerminal(0) else {
            throw CommandError(
                Sysexit.usage,
                "this needs a yes: \(what)",
                next: "there is no terminal to ask; say --yes"
            )
        }
        Console.write(2, "\(what) Go on? [y/N] ")
        let answer = readLine(strippingNewline: true)?.lowercased()
        guard answer == "y" || answer == "yes" else {
            throw CommandError(Sysexit.failed, "nothing was done")
        }
    }
}
