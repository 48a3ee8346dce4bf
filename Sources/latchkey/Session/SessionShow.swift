internal import ArgumentParser
internal import Kernel
internal import Sessions
internal import Web

/// `latchkey session show`.
struct SessionShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One session: whose, since when, and the names of its values."
    )

    @Argument(help: "The id, or its first digits.") var id: String
    @Flag(help: "Write JSON, one line.") var json = false
    @Flag(help: "Also the values, as they are stored; they may be private.") var values = false
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let store = try Stores.existing(try place.read())
        let session = try SessionSummary.one(id, store)
        let now = Clocks.wallMilliseconds()
        if json {
            Console.print(session.json(now).text)
        } else {
            Console.print("id         \(session.key.hex)")
            Console.print("user       \(Console.harmless(session.user ?? "–"))")
            if let time = session.signedIn {
                Console.print("signed in  \(TimeWords.relative(time, to: now))")
            }
            Console.print("last seen  \(TimeWords.relative(session.record.lastUsed.milliseconds, to: now))")
            Console.print("expires    \(TimeWords.relative(session.record.expires.milliseconds, to: now))")
            Console.print("values     \(Console.harmless(session.names.joined(separator: ", ")))")
            Console.print("size       \(session.record.payload.count) bytes")
        }
        if values { Console.print(Console.harmless(String(decoding: session.record.payload, as: UTF8.self))) }
    }
}
