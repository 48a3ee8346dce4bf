internal import Accounts
internal import AccountsClient
internal import Kernel
internal import Supervision

/// The database of users, with its errors in a command's words.
enum Users {
    static func open(_ path: String, _ absence: UserDatabase.Absence) throws(CommandError) -> UserDatabase {
        do throws(UserDatabaseError) { return try UserDatabase(path: path, absence: absence) } catch {
            throw failure(error)
        }
    }

    /// A name as it was typed, checked.
    static func name(_ typed: String) throws(CommandError) -> AccountName {
        do throws(AccountNameProblem) { return try AccountName(normalising: typed) } catch {
            throw CommandError(
                Sysexit.data,
                "\"\(Console.harmless(typed))\" cannot be a user's name",
                why: ["it \(error)"]
            )
        }
    }

    static func find(_ name: AccountName, _ database: UserDatabase) throws(CommandError) -> UserAccount? {
        do throws(UserDatabaseError) { return try database.account(name) } catch { throw failure(error) }
    }

    static func failure(_ error: UserDatabaseError) -> CommandError {
        let what = Console.harmless(error.description)
        switch error.reason {
        case .nameTaken(let name):
            return CommandError(
                Sysexit.data,
                what,
                next: "to give a new password: latchkey user passwd \(name)"
            )
        case .twin: return CommandError(Sysexit.data, what)
        case .noSuchAccount: return CommandError(Sysexit.failed, what, next: "latchkey user list shows all")
        case .missing: return CommandError(Sysexit.unavailable, what)
        case .system(let errno) where errno == .accessDenied || errno == .notPermitted:
            return CommandError(Sysexit.permission, what, next: "run it as the user that owns the file")
        case .unsafe, .system, .damaged, .newer, .notWritable:
            return CommandError(Sysexit.configuration, what)
        default: return CommandError(Sysexit.failed, what)
        }
    }
}
