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
    let request: Request
    let isSecure: Bool

    func key(_ id: String) -> SessionStoreKey { SessionStoreKey(id: id, for: traits) }

    var lockDeadline: LockDeadline { .milliseconds(options.lockMilliseconds) }

    func newCookie(_ now: UnixTime) -> SessionCookie {
        SessionCookie(options.cookie, isSecure: isSecure, slides: options.profile == .express, now: now)
    }
}
