internal import Accounts
internal import ArgumentParser

/// `latchkey hash-password`.
struct HashPassword: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-password",
        abstract: "Print the hash of a password (argon2id), for a script that fills a database."
    )

    @OptionGroup var password: PasswordInput
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let settings = try place.read()
        let (password, made) = try password.read("password")
        Console.print(try NewPassword.hash(password, settings.hashCost).text)
        if let made { Console.say("the password is: \(made)") }
    }
}
