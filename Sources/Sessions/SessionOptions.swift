internal import Web

/// The session settings of a site; the names are express-session's where it has the setting.
///
/// A value of this type is complete and valid: the profile's defaults, with what the site file says over them.
public struct SessionOptions: Sendable, Equatable {
    /// Whose defaults and decisions hold.
    public enum Profile: String, Sendable, CaseIterable {
        /// Ours: nothing stored or sent without need, limits enforced on read, cookies removed when a session ends.
        case strict
        /// Those of express-session 1.19, case by case.
        case express
    }

    /// What happens to the record of a session that the handler has let go of.
    public enum Unset: String, Sendable, CaseIterable {
        /// It stays, and changes made in this request are lost.
        case keep
        /// It is destroyed.
        case destroy
    }

    /// Whether `X-Forwarded-Proto` is believed.
    public enum Proxy: String, Sendable, CaseIterable {
        /// Its first entry counts.
        case on
        /// Never; only `HTTPS=on`, which nginx sets for TLS of its own.
        case off
        /// Never; `HTTPS=on` or nginx's `REQUEST_SCHEME=https`.
        case unset
    }

    /// What to do when another request changed a value that this one had read before assigning it.
    public enum Conflict: String, Sendable, CaseIterable {
        /// The last writer wins; the conflict is counted.
        case lastWins = "last-wins"
        /// Nothing is stored, and the answer is 409.
        case fail
    }

    /// Whose defaults and decisions hold.
    ///
    /// The default is `.strict`.
    public let profile: Profile
    /// The cookie's name, an RFC 9110 token.
    ///
    /// The default is `__Host-sid` (`connect.sid` in `express`). In `strict`, a prefix that the connection or the scope does not
    /// allow is exchanged: `__Secure-` where a domain or path stands against `__Host-`, none over plain HTTP.
    public var name: String
    /// Stores a session again at the end of every request that had one, changed or not.
    ///
    /// Off; on in `express`.
    public var resave: Bool
    /// Stores and sends a new session that nobody wrote to.
    ///
    /// Off; on in `express`.
    public var saveUninitialized: Bool
    /// Sends the cookie with every answer that has a session.
    ///
    /// Off.
    public var rolling = false
    /// What `unset()` means for the record.
    ///
    /// `.keep`.
    public var unset = Unset.keep
    /// Whether a proxy in front of nginx is believed.
    ///
    /// `.unset`.
    public var proxy = Proxy.unset
    /// What new cookies look like.
    public var cookie: SessionCookieOptions
    /// How long a session lives without use, in milliseconds; nil is no such limit.
    ///
    /// 30 minutes in `strict`. In `express` it is the life of a record whose cookie has no expiry: one day.
    public var idleMilliseconds: Int64?
    /// How long a session lives from its creation, whatever its use, in milliseconds.
    ///
    /// 12 hours; none in `express`.
    public var absoluteMilliseconds: Int64?
    /// How often the id is renewed at equal rights, in milliseconds; nil is never, the default.
    ///
    /// Only in `strict`.
    public var renewMilliseconds: Int64?
    /// How long a renewed session's old id still answers, in milliseconds.
    ///
    /// 30 seconds.
    public var graceMilliseconds: Int64 = 30_000
    /// How long to wait for a session's lock, in milliseconds; then the answer is 503.
    ///
    /// Two seconds.
    public var lockMilliseconds: Int64 = 2000
    /// What a conflict of values does.
    ///
    /// `.lastWins`.
    public var conflict = Conflict.lastWins
    /// How many sessions one user may have; of more, those that were used longest ago end.
    ///
    /// Nil is any number.
    public var maximumSessions: Int?
    /// The value that says whose session it is, for the store's index of users.
    ///
    /// `user`.
    public var userValue = "user"

    var hasOwnIdle = false
    var hasOwnAbsolute = false

    /// The defaults of a profile.
    public init(_ profile: Profile = .strict) {
        self.profile = profile
        switch profile {
        case .strict:
            name = "__Host-sid"
            resave = false
            saveUninitialized = false
            cookie = SessionCookieOptions(secure: .auto, sameSite: .lax)
            idleMilliseconds = 30 * 60_000
            absoluteMilliseconds = 12 * 3_600_000
        case .express:
            name = "connect.sid"
            resave = true
            saveUninitialized = true
            cookie = SessionCookieOptions()
            idleMilliseconds = 24 * 3_600_000
            absoluteMilliseconds = nil
        }
    }

    /// When a record dies that was created and used at these instants; never later than the limits allow.
    func expiry(created: UnixTime, now: UnixTime, cookie: SessionCookie) -> UnixTime {
        switch profile {
        case .express:
            return cookie.expires ?? now.advanced(byMilliseconds: idleMilliseconds ?? SessionOptions.longest)
        case .strict:
            var expiry = now.advanced(byMilliseconds: idleMilliseconds ?? SessionOptions.longest)
            if let absoluteMilliseconds {
                expiry = min(expiry, created.advanced(byMilliseconds: absoluteMilliseconds))
            }
            if let expires = cookie.expires { expiry = min(expiry, expires) }
            return expiry
        }
    }

    /// The life of a session for which no limit was set: 30 days from its last use (NIST SP 800-63B-4, 2.1.3).
    static let longest: Int64 = 30 * 86_400_000
}
