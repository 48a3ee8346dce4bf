internal import Accounts
internal import ArgumentParser
internal import Kernel
internal import Supervision

/// Where a new password comes from; never from an argument, which every user of the machine can read.
struct PasswordInput: ParsableArguments {
    @Flag(help: "Read the password from standard input, one line.") var passwordStdin = false
    @Flag(help: "Make a password of 20 random letters and digits (115 bits), and print it.") var generate =
        false

    func validate() throws {
        if passwordStdin, generate { throw ValidationError("give --password-stdin or --generate, not both") }
    }

    /// Reads, asks for, or makes a password.
    ///
    /// - Parameter prompt: what to ask with; twice, because nothing is shown.
    /// - Returns: the password, and its text when it was made here.
    /// - Throws: when there is none, or the two differ.
    func read(_ prompt: String) throws(CommandError) -> (password: Password, made: String?) {
        if generate {
            let text = Self.random()
            return (try Self.password(Array(text.utf8)), text)
        }
        if passwordStdin { return (try Self.password(try Self.standardInput()), nil) }
        guard Terminal.isTerminal(0) else {
            throw CommandError(
                Sysexit.usage,
                "there is no terminal to ask for a password",
                next: "give it with --password-stdin, or have one made with --generate"
            )
        }
        var first = try Self.ask("\(prompt): ")
        var second = try Self.ask("once more: ")
        defer { Memory.wipe(&second) }
        guard first == second else {
            Memory.wipe(&first)
            throw CommandError(Sysexit.data, "the two passwords differ; nothing was changed")
        }
        let password = try Self.password(first)
        Memory.wipe(&first)
        return (password, nil)
    }

    private static func ask(_ prompt: String) throws(CommandError) -> [UInt8] {
        do throws(Errno) { return try HiddenInput.ask(prompt) } catch {
            throw CommandError(Sysexit.failed, "cannot ask for a password", why: ["\(error)"])
        }
    }

    private static func password(_ typed: [UInt8]) throws(CommandError) -> Password {
        var typed = typed
        let count = typed.count
        guard let password = Password(typed: &typed) else {
            throw CommandError(
                Sysexit.data,
                count == 0 ? "the password is empty" : "the password has \(count) bytes; 1,024 are the most"
            )
        }
        return password
    }

    private static func standardInput() throws(CommandError) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(Errno) { bytes = try Files.readAll(0, limit: 4096) } catch {
            throw CommandError(Sysexit.data, "cannot read standard input", why: ["\(error)"])
        }
        guard let bytes else {
            throw CommandError(Sysexit.data, "standard input is longer than any password")
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        guard bytes.count - line.count <= 1 else {
            throw CommandError(Sysexit.data, "standard input has more than one line")
        }
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    /// Letters and digits that cannot be taken for each other (no 0 o 1 l i), in four groups.
    private static func random() -> String {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var source = SystemRandomNumberGenerator()
        let groups = (0..<4).map { _ in
            String((0..<5).compactMap { _ in alphabet.randomElement(using: &source) })
        }
        return groups.joined(separator: "-")
    }
}
