internal import Accounts
internal import AccountsClient
internal import ArgumentParser
internal import Kernel

/// `latchkey user passwd`.
struct UserPassword: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Give a user a new password; all of the user's sessions end."
    )

    @Argument(help: "The user.") var name: String
    @OptionGroup var password: PasswordInput
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let settings = try place.read()
        let name = try Users.name(name)
        let database = try Users.open(settings.users, .fail)
        guard try Users.find(name, database) != nil else {
            throw Users.failure(UserDatabaseError(path: settings.users, reason: .noSuchAccount(name)))
        }
        let new = try NewPassword(password, for: name, settings)
        do throws(UserDatabaseError) {
            try database.setPassword(of: name, to: new.hash, now: Clocks.wallMilliseconds())
        } catch {
            throw Users.failure(error)
        }
        Console.say("new password for \(Console.harmless(name.text)); the sessions of before have ended")
        new.tell()
    }
}
