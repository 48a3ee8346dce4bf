public import Web

/// A session as it lies in a store, for lists of devices and for the operator's command.
public struct StoredSession: Sendable, Equatable {
    /// Where it lies; not a cookie, and safe to show.
    public let key: SessionStoreKey
    /// Whose it is: the value that `SessionOptions.userValue` names, when it is a text.
    public let user: String?
    /// When it began; nil for one that another program made.
    public let created: UnixTime?
    /// When it was last used, to within a tenth of the idle time.
    public let lastUsed: UnixTime
    /// When it ends unless it is used.
    public let expires: UnixTime
    /// The names of its values, in the order of the record.
    public let names: [String]

    /// Reads a record; nil for what is no session, and for the old id of a renewed one.
    ///
    /// - Parameters:
    ///   - key: the record's.
    ///   - record: as the store gave it.
    ///   - userValue: the name of the value that says whose session it is.
    public init?(_ key: SessionStoreKey, _ record: SessionRecord, userValue: String = "user") {
        guard let payload = try? SessionCodec.decode(record.payload), payload.own?.successor == nil else {
            return nil
        }
        self.key = key
        user = payload.values[Array(userValue.utf8)].flatMap { JSON.string($0) }
        created = payload.own.map { UnixTime(milliseconds: $0.created) }
        lastUsed = record.lastUsed
        expires = record.expires
        names = payload.values.names
    }
}
