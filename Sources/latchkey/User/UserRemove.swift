internal import Accounts
internal import AccountsClient
internal import ArgumentParser

/// `latchkey user remove`.
struct UserRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a user; asks first."
    )

    @Argument(help: "The user.") var name: String
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let settings = try place.read()
        let name = try Users.name(name)
        let database = try Users.open(settings.users, .fail)
        guard try Users.find(name, database) != nil else {
            throw Users.failure(UserDatabaseError(path: settings.users, reason: .noSuchAccount(name)))
        }
        let shown = Console.harmless(name.text)
        try confirmation.ask("The user \(shown) and the password will be gone for good.")
        do throws(UserDatabaseError) { try database.remove(name) } catch { throw Users.failure(error) }
        Console.say("removed \(shown)")
    }
}
