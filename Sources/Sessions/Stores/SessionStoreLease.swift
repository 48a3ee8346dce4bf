internal import Synchronization

/// The lock of one session, held until `release` or until the last reference is gone.
public final class SessionStoreLease: Sendable {
    /// The session that is locked.
    public let key: SessionStoreKey
    /// What the store keeps with the lock, for example the number of the descriptor that holds it.
    public let token: Int64
    // Protects the release, which runs once; it may do one short system call.
    private let onRelease: Mutex<(@Sendable () -> Void)?>

    /// Made by a store that has just taken the lock.
    ///
    /// - Parameters:
    ///   - key: the session that is locked.
    ///   - token: whatever the store needs to know it again.
    ///   - release: gives the lock back; called once.
    public init(_ key: SessionStoreKey, token: Int64 = 0, release: @escaping @Sendable () -> Void) {
        self.key = key
        self.token = token
        onRelease = Mutex(release)
    }

    deinit { release() }

    /// Gives the lock back; again is fine.
    public func release() {
        let action = onRelease.withLock { action in
            defer { action = nil }
            return action
        }
        action?()
    }
}
