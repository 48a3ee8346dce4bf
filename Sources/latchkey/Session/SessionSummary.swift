internal import Sessions
internal import Supervision
internal import Web

/// A session as the command shows it; never its id, which would be as good as a password.
struct SessionSummary {
    let key: SessionStoreKey
    let record: SessionRecord
    /// Who signed in; nil for a visitor.
    let user: String?
    /// When, in milliseconds since 1970.
    let signedIn: Int64?
    /// The names of all values, in their order; without what the cookie and the library keep there.
    let names: [String]

    init(_ key: SessionStoreKey, _ record: SessionRecord) {
        self.key = key
        self.record = record
        var user: String?
        var signedIn: Int64?
        var names: [String] = []
        let payload = record.payload[...]
        for member in (try? JSON.objectEntries(payload, duplicates: .kept)) ?? [] {
            if SessionReservedNames.contains(member.name) { continue }
            names.append(member.name)
            if member.name == "user" { user = JSON.string(payload[member.valueRange]) }
            if member.name == "signedIn" { signedIn = JSON.integer(payload[member.valueRange]) }
        }
        self.user = user
        self.signedIn = signedIn
        self.names = names
    }

    /// What people type: the first 8 digits of the key.
    var short: String { String(key.hex.prefix(8)) }

    func isLive(_ now: Int64) -> Bool { record.expires.milliseconds > now }

    func json(_ now: Int64) -> JSONText {
        .object([
            ("id", .string(key.hex)), ("user", user.map { .string($0) } ?? .null),
            ("signedIn", signedIn.map(TimeWords.stamp) ?? .null),
            ("lastUsed", TimeWords.stamp(record.lastUsed.milliseconds)),
            ("expires", TimeWords.stamp(record.expires.milliseconds)), ("live", .boolean(isLive(now))),
            ("values", .array(names.map { .string($0) })), ("bytes", .integer(Int64(record.payload.count))),
        ])
    }
}

/// Finding sessions in a store.
extension SessionSummary {
    /// All of a store, or all of a user; newest use first.
    static func all(_ store: FileSessionStore, user: String?) throws(CommandError) -> [SessionSummary] {
        var found: [SessionSummary] = []
        do throws(SessionStoreError) {
            if let user {
                for key in try store.keys(ofUser: user) {
                    guard let record = try store.load(key) else { continue }
                    found.append(SessionSummary(key, record))
                }
            } else {
                try store.forEach { key, record in
                    found.append(SessionSummary(key, record))
                    return true
                }
            }
        } catch {
            throw Stores.failure(error)
        }
        return found.sorted { $0.record.lastUsed > $1.record.lastUsed }
    }

    /// The one session whose key begins so.
    static func one(_ prefix: String, _ store: FileSessionStore) throws(CommandError) -> SessionSummary {
        let wanted = prefix.lowercased()
        let isHexadecimal = wanted.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
        guard (4...64).contains(wanted.utf8.count), isHexadecimal else {
            throw CommandError(
                Sysexit.usage,
                "\"\(Console.harmless(prefix))\" is not the id of a session: at least 4 of its 64 hexadecimal digits",
                next: "latchkey session list shows them"
            )
        }
        do throws(SessionStoreError) {
            if let key = SessionStoreKey(hex: wanted.utf8), let record = try store.load(key) {
                return SessionSummary(key, record)
            }
        } catch {
            throw Stores.failure(error)
        }
        let found = try all(store, user: nil).filter { $0.key.hex.hasPrefix(wanted) }
        guard let first = found.first else {
            throw CommandError(
                Sysexit.failed,
                "there is no session \(wanted)",
                next: "latchkey session list shows all"
            )
        }
        guard found.count == 1 else {
            throw CommandError(
                Sysexit.usage,
                "\(found.count) sessions begin with \(wanted)",
                why: found.prefix(10).map(\.key.hex),
                next: "give more digits"
            )
        }
        return first
    }
}
