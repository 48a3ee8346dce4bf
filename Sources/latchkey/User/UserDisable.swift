internal import Accounts
internal import AccountsClient
internal import ArgumentParser
internal import Kernel

/// `latchkey user disable`.
struct UserDisable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Keep a user from signing in, and end the user's sessions; nothing is forgotten."
    )

    @Argument(help: "The user.") var name: String
    @OptionGroup var place: PlaceOptions

    func run() throws { try Users.setDisabled(true, name, place, "disabled", "is disabled already") }
}

/// `latchkey user enable`.
struct UserEnable: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a disabled user sign in again."
    )

    @Argument(help: "The user.") var name: String
    @OptionGroup var place: PlaceOptions

    func run() throws { try Users.setDisabled(false, name, place, "enabled", "is not disabled") }
}

extension Users {
    fileprivate static func setDisabled(
        _ disabled: Bool,
        _ typed: String,
        _ place: PlaceOptions,
        _ done: String,
        _ already: String
    ) throws(CommandError) {
        let name = try name(typed)
        let database = try open(try place.read().users, .fail)
        do throws(UserDatabaseError) {
            let changed = try database.setDisabled(disabled, name, now: Clocks.wallMilliseconds())
            let shown = Console.harmless(name.text)
            Console.say(changed ? "\(done) \(shown)" : "\(shown) \(already)")
        } catch {
            throw failure(error)
        }
    }
}
