internal import ArgumentParser
internal import Kernel
internal import Sessions
internal import Web

/// `latchkey session list`.
struct SessionList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Live sessions, the last used first."
    )

    @Option(help: ArgumentHelp("Only those of this user.", valueName: "name")) var user: String?
    @Flag(help: "Also those that have expired and are not swept yet.") var all = false
    @OptionGroup var list: ListOptions
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let store = try Stores.existing(try place.read())
        let now = Clocks.wallMilliseconds()
        let found = try SessionSummary.all(store, user: user).filter { all || $0.isLive(now) }
        if list.json {
            Console.print(JSONText.array(found.map { $0.json(now) }).text)
            return
        }
        var table = Table(["ID", "USER", "SIGNED IN", "LAST SEEN", "EXPIRES"])
        for session in found {
            table.add([
                session.short, session.user ?? "–",
                session.signedIn.map { TimeWords.relative($0, to: now) } ?? "–",
                TimeWords.relative(session.record.lastUsed.milliseconds, to: now),
                TimeWords.relative(session.record.expires.milliseconds, to: now),
            ])
        }
        table.print(headers: list.headers && !found.isEmpty)
        let count = "\(found.count) session\(found.count == 1 ? "" : "s")"
        Console.say(
            found.isEmpty ? "no sessions" : "\(count); end one: latchkey session revoke \(found[0].short)"
        )
    }
}
