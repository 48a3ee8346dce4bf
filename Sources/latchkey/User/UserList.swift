internal import Accounts
internal import AccountsClient
internal import ArgumentParser
internal import Kernel

/// `latchkey user list`.
struct UserList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "All users.")

    @OptionGroup var list: ListOptions
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let database = try Users.open(try place.read().users, .fail)
        let accounts: [UserAccount]
        do throws(UserDatabaseError) { accounts = try database.accounts() } catch {
            throw Users.failure(error)
        }
        if list.json {
            Console.print(JSONText.array(accounts.map(Self.json)).text)
            return
        }
        let now = Clocks.wallMilliseconds()
        var table = Table(["NAME", "STATE", "ADDED", "PASSWORD SET", "FAILED TRIES"])
        for account in accounts {
            table.add([
                account.name.text, account.isDisabled ? "disabled" : "active",
                TimeWords.relative(account.created, to: now),
                TimeWords.relative(account.passwordChanged, to: now), "\(account.failures.count)",
            ])
        }
        table.print(headers: list.headers && !accounts.isEmpty)
        if accounts.isEmpty { Console.say("no users yet; latchkey user add NAME makes one") }
    }

    private static func json(_ account: UserAccount) -> JSONText {
        .object([
            ("name", .string(account.name.text)), ("disabled", .boolean(account.isDisabled)),
            ("created", TimeWords.stamp(account.created)),
            ("passwordChanged", TimeWords.stamp(account.passwordChanged)),
            ("failedTries", .integer(Int64(account.failures.count))),
        ])
    }
}
