internal import ArgumentParser

/// `latchkey session`.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Who is signed in.",
        subcommands: [SessionList.self, SessionShow.self, SessionRevoke.self, SessionGC.self]
    )
}
