internal import ArgumentParser
internal import Kernel
internal import Sessions
internal import Supervision

/// `latchkey session revoke`.
struct SessionRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End sessions: some, all of a user, or all; asks first where it is more than one."
    )

    @Argument(help: "Ids, or their first digits.") var ids: [String] = []
    @Option(help: ArgumentHelp("All sessions of this user.", valueName: "name")) var user: String?
    @Flag(help: "All sessions of everybody.") var all = false
    @Flag(help: "Say what would end, and end nothing.") var dryRun = false
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var place: PlaceOptions

    func validate() throws {
        guard [!ids.isEmpty, user != nil, all].filter({ $0 }).count == 1 else {
            throw ValidationError("say which sessions: ids, --user NAME, or --all")
        }
    }

    func run() throws {
        let store = try Stores.existing(try place.read())
        let found =
            ids.isEmpty
            ? try SessionSummary.all(store, user: user)
            : try ids.map { id in try SessionSummary.one(id, store) }
        let whose = user.map { " of \(Console.harmless($0))" } ?? ""
        let count = "\(found.count) session\(found.count == 1 ? "" : "s")\(whose)"
        if dryRun { return Console.say("would end \(count)") }
        if ids.count != 1, !found.isEmpty { try confirmation.ask("This ends \(count).") }
        var ended = 0
        do throws(SessionStoreError) {
            for session in found where try store.destroy(session.key) { ended += 1 }
        } catch {
            throw Stores.failure(error)
        }
        Console.say("ended \(ended) session\(ended == 1 ? "" : "s")\(whose)")
    }
}
