internal import Synchronization

/// What has happened to sessions since the start, for status pages.
public final class SessionCounters: Sendable {
    private let created = Atomic<Int>(0)
    private let destroyed = Atomic<Int>(0)
    private let merged = Atomic<Int>(0)
    private let conflicts = Atomic<Int>(0)
    private let gone = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    /// All counts at one moment.
    public struct Snapshot: Sendable, Equatable {
        /// Records created.
        public var created = 0
        /// Sessions ended by `destroy`, `unset` or a new id.
        public var destroyed = 0
        /// Saves whose record had been changed by another request, and into which the edits were merged.
        public var merged = 0
        /// Values that two requests changed at once, of which the last won or was refused.
        public var conflicts = 0
        /// Saves that found their session ended by another request, and changed nothing.
        public var gone = 0
        /// Failures of the store.
        public var failed = 0
        /// Cookies of the name that no secret had signed.
        public var refused = 0
    }

    enum Event {
        case created, destroyed, merged, conflict, gone, failed, refused
    }

    init() {}

    func count(_ event: Event) {
        switch event {
        case .created: created.add(1, ordering: .relaxed)
        case .destroyed: destroyed.add(1, ordering: .relaxed)
        case .merged: merged.add(1, ordering: .relaxed)
        case .conflict: conflicts.add(1, ordering: .relaxed)
        case .gone: gone.add(1, ordering: .relaxed)
        case .failed: failed.add(1, ordering: .relaxed)
        case .refused: refused.add(1, ordering: .relaxed)
        }
    }

    /// The counts now.
    public var snapshot: Snapshot {
        Snapshot(
            created: created.load(ordering: .relaxed),
            destroyed: destroyed.load(ordering: .relaxed),
            merged: merged.load(ordering: .relaxed),
            conflicts: conflicts.load(ordering: .relaxed),
            gone: gone.load(ordering: .relaxed),
            failed: failed.load(ordering: .relaxed),
            refused: refused.load(ordering: .relaxed)
        )
    }
}
