internal import Accounts
internal import AccountsClient
internal import ArgumentParser
internal import Kernel

/// `latchkey user add`.
struct UserAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a user; asks for the password."
    )

    @Argument(help: "The name to sign in with.") var name: String
    @OptionGroup var password: PasswordInput
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let settings = try place.read()
        let name = try Users.name(name)
        let database = try Users.open(settings.users, .create)
        // Before anybody types a password for nothing.
        if try Users.find(name, database) != nil {
            throw Users.failure(UserDatabaseError(path: settings.users, reason: .nameTaken(name)))
        }
        let new = try NewPassword(password, for: name, settings)
        do throws(UserDatabaseError) {
            try database.add(name, hash: new.hash, now: Clocks.wallMilliseconds())
        } catch {
            throw Users.failure(error)
        }
        Console.say("added \(Console.harmless(name.text))")
        new.tell()
    }
}
