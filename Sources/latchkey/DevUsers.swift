internal import Accounts
internal import AccountsClient
internal import Kernel
internal import Supervision

/// The users that `latchkey dev` was told of.
enum DevUsers {
    /// The users of the README.
    static let demo = [
        (name: "johnDoe", password: "password123"), (name: "janeSmith", password: "securePass"),
    ]

    /// Adds them, or gives them these passwords; a user whose password is the same is left alone, sessions with it.
    ///
    /// The rules for new passwords are not asked: nobody signs in here from outside.
    static func prepare(_ users: [(name: String, password: String)], _ settings: Configuration)
        throws(CommandError)
    {
        let database = try Users.open(settings.users, .create)
        for user in users {
            let name = try Users.name(user.name)
            var typed = Array(user.password.utf8)
            guard let password = Password(typed: &typed) else {
                throw CommandError(
                    Sysexit.usage,
                    "the password of \(Console.harmless(name.text)) has no or too many bytes"
                )
            }
            let account = try Users.find(name, database)
            if case .argon2id(let hash)? = account?.hash, (try? hash.verify(password, with: Argon2())) == true
            {
                continue
            }
            let hash = try NewPassword.hash(password, settings.hashCost)
            let now = Clocks.wallMilliseconds()
            do throws(UserDatabaseError) {
                if account == nil {
                    try database.add(name, hash: hash, now: now)
                } else {
                    try database.setPassword(of: name, to: hash, now: now)
                }
            } catch {
                throw Users.failure(error)
            }
        }
    }
}
