internal import Accounts
internal import AccountsClient
internal import ArgumentParser

/// `latchkey user unlock`.
struct UserUnlock: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Forget a user's failed tries, so that signing in is not delayed."
    )

    @Argument(help: "The user.") var name: String
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let name = try Users.name(name)
        let database = try Users.open(try place.read().users, .fail)
        do throws(UserDatabaseError) {
            let count = try database.unlock(name)
            let shown = Console.harmless(name.text)
            Console.say(
                count == 0
                    ? "\(shown) has no failed tries" : "unlocked \(shown): \(count) failed tries forgotten"
            )
        } catch {
            throw Users.failure(error)
        }
    }
}
