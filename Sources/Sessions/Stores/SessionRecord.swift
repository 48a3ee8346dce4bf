public import Web

/// What a store keeps under a key.
public struct SessionRecord: Sendable, Equatable {
    /// The session as JSON (`SessionCodec`); to a store, any bytes, 0 to 64 KiB by default.
    public var payload: [UInt8]
    /// From this instant on the record may be swept; milliseconds count.
    public var expires: UnixTime
    /// When the session was last used, as far as it was written down.
    public var lastUsed: UnixTime
    /// On create and update: the name to index the record under; nil leaves the index as it is.
    ///
    /// Never filled by `load`.
    public var user: String?

    /// A record.
    public init(payload: [UInt8], expires: UnixTime, lastUsed: UnixTime, user: String? = nil) {
        self.payload = payload
        self.expires = expires
        self.lastUsed = lastUsed
        self.user = user
    }
}

/// What an update's closure wants done with the record that it was given.
public enum SessionRecordChange: Sendable { case store, leaveAsItIs }

/// What became of an update.
public enum SessionUpdateOutcome: Sendable, Equatable { case stored, leftAsItWas, gone }

/// What a slice of a sweep did.
public struct SessionSweepReport: Sendable, Equatable {
    /// Records looked at.
    public var examined = 0
    /// Expired records removed.
    public var removed = 0
    /// Leftovers of writers that died removed.
    public var leftovers = 0
    /// Whether the sweep has not come round yet: call again.
    public var hasMore = false
    /// Whether another process is sweeping; nothing was done.
    public var isBusyElsewhere = false

    /// An empty report.
    public init() {}
}
