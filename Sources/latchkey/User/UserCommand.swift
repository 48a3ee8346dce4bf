internal import ArgumentParser

/// `latchkey user`.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Who may sign in.",
        subcommands: [
            UserAdd.self, UserList.self, UserPassword.self, UserDisable.self, UserEnable.self,
            UserUnlock.self,
            UserRemove.self,
        ]
    )
}
