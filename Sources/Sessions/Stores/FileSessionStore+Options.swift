extension FileSessionStore {
    /// How a file store keeps its records.
    public struct Options: Sendable {
        /// How records are named and written.
        public enum Layout: String, Sendable, CaseIterable {
            /// `DIR/ab/<62 hex>.json`, named by the digest of the id; the file's times are the record's.
            case native
            /// `DIR/<id>.json` with `__lastAccess`, as session-file-store of an Express application reads and writes it.
            case express
        }

        /// What is on the disk before a call returns.
        public enum Durability: String, Sendable, CaseIterable {
            /// Nothing: whole for every process, but a power cut may take records with it, or leave them empty.
            case none
            /// What is created, destroyed or given a user.
            ///
            /// Other changes are whole and ordered, and reach the disk within the file system's own interval (5 s on ext4): a power cut
            /// may set one back to the record before, never to nothing.
            case identity
            /// Every create, update and destroy, at the price of two syncs each (about half a millisecond on a fast disk); never `touch`.
            case all
        }

        /// The default is `native`.
        public var layout = Layout.native
        /// The default is `identity`, because nobody notices a lost counter and everybody a lost login.
        public var durability = Durability.identity
        /// Larger payloads are refused on the way in, and put aside on the way out; 65,536 unless set.
        public var maximumRecordBytes = 65_536
        /// For `express`: session-file-store's `ttl`, the life of a session whose cookie has no `originalMaxAge`; 3,600,000 unless set.
        public var ttlMilliseconds: Int64 = 3_600_000

        /// The native layout with durability `identity`.
        public init() {}
    }
}
