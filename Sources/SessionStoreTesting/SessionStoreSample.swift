public import Sessions
public import Web

/// Keys and records for checks of a store.
public enum SessionStoreSample {
    /// An instant in 2027.
    public static let now = UnixTime(milliseconds: 1_800_000_000_123)

    /// A key that nobody else has.
    public static func key(for store: any SessionStore) -> SessionStoreKey {
        key("check-\(UInt64.random(in: 0...(.max)))-\(UInt64.random(in: 0...(.max)))", for: store)
    }

    /// The key of an id.
    public static func key(_ id: String, for store: any SessionStore) -> SessionStoreKey {
        SessionStoreKey(id: id, for: store.traits)
    }

    /// A record whose payload is an object with a number in it, and says itself when it expires.
    ///
    /// - Parameters:
    ///   - number: the number.
    ///   - life: milliseconds from the last use to expiry.
    ///   - lastUsed: the last use.
    ///   - user: the name to index it under.
    ///   - padding: bytes of a further value.
    /// - Returns: the record.
    public static func record(
        _ number: Int = 0,
        life: Int64 = 60_000,
        lastUsed: UnixTime = now,
        user: String? = nil,
        padding: Int = 0
    ) -> SessionRecord {
        let text = padding > 0 ? #","text":"\#(String(repeating: "x", count: padding))""# : ""
        let payload = #"{"cookie":{"originalMaxAge":\#(life),"httpOnly":true},"number":\#(number)\#(text)}"#
        return SessionRecord(
            payload: Array(payload.utf8),
            expires: lastUsed.advanced(byMilliseconds: life),
            lastUsed: lastUsed,
            user: user
        )
    }

    /// The number in a payload of `record`; nil when it is none.
    public static func number(of record: SessionRecord?) -> Int? {
        guard let record, let members = try? JSON.objectEntries(record.payload[...]),
            let member = members.first(where: { $0.name == "number" })
        else { return nil }
        return JSON.integer(record.payload[member.valueRange]).map { Int($0) }
    }

    /// Adds one to the number; everything else stays.
    public static func increment(_ record: inout SessionRecord) {
        guard let number = number(of: record) else { return }
        let lastUsed = record.lastUsed
        let life = record.expires.milliseconds(since: lastUsed)
        record.payload = Self.record(number + 1, life: life, lastUsed: lastUsed).payload
    }
}
