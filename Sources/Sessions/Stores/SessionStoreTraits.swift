/// What the middleware must know of a store before it uses it.
public struct SessionStoreTraits: Sendable, Equatable {
    /// Whether the store names records by the id itself, so that `SessionStoreKey.id` must be there.
    ///
    /// Only for sharing records with a system that does so (session-file-store); whoever reads such a store can use the ids.
    public var namesRecordsByID: Bool

    /// Whether expiry stands inside the payload, so that moving it means storing the payload again instead of `touch`.
    public var keepsExpiryInPayload: Bool

    /// A store that names records by digest and keeps expiry beside the payload.
    public init(namesRecordsByID: Bool = false, keepsExpiryInPayload: Bool = false) {
        self.namesRecordsByID = namesRecordsByID
        self.keepsExpiryInPayload = keepsExpiryInPayload
    }
}
