internal import Logging
internal import Web

/// What a session needs of the middleware and the request it belongs to.
struct SessionContext: Sendable {
    let store: any SessionStore
    let traits: SessionStoreTraits
    let options: SessionOptions
    let ids: SessionIDGenerator
    let clock: @Sendable () -> UnixTime
    let logger: Logger
    let counters: SessionCounters
    let onEvent: @Sendable (SessionEvent) -> Void
    let request: Request
    let isSecure: Bool

    func tell(_ kind: SessionEvent.Kind, _ key: SessionStoreKey, user: String?) {
        switch kind {
        case .created: counters.count(.created)
        case .destroyed: counters.count(.destroyed)
        case .expired: break
        }
        onEvent(SessionEvent(kind: kind, key: key, user: user))
    }

    func key(_ id: String) -> SessionStoreKey { SessionStoreKey(id: id, for: traits) }

    var lockDeadline: LockDeadline { .milliseconds(options.lockMilliseconds) }

    func newCookie(_ now: UnixTime) -> SessionCookie {
        SessionCookie(options.cookie, isSecure: isSecure, slides: options.profile == .express, now: now)
    }
}
