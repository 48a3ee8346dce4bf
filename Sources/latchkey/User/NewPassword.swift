internal import Accounts
internal import AccountsClient
internal import Supervision

/// A password that was given for an account, judged and hashed.
struct NewPassword {
    let hash: PasswordHash
    /// Its text, when it was made here and must be told.
    let made: String?

    init(_ input: PasswordInput, for name: AccountName, _ settings: Configuration) throws(CommandError) {
        let (password, made) = try input.read("password for \(Console.harmless(name.text))")
        switch PasswordRules().verdict(on: password, for: name) {
        case .accepted: break
        case .weak(let sentence): Console.say(sentence)
        case .refused(let sentence):
            throw CommandError(Sysexit.data, sentence, next: "a good one is made by --generate")
        }
        self.made = made
        hash = try Self.hash(password, settings.hashCost)
    }

    static func hash(_ password: Password, _ cost: HashCost) throws(CommandError) -> PasswordHash {
        do throws(Argon2.OutOfMemory) {
            return try PasswordHash(of: password, cost: cost, with: Argon2())
        } catch {
            throw CommandError(
                Sysexit.system,
                "there is not enough memory for a hash (\(cost.memoryKiB) KiB)",
                next: "set hash-memory lower, or free some"
            )
        }
    }

    /// Tells a password that was made, on standard output, alone.
    func tell() {
        if let made { Console.print(made) }
    }
}
