public import Web

/// What the cookies of new sessions look like; express-session's `cookie` option.
public struct SessionCookieOptions: Sendable, Equatable {
    /// When the cookie is for TLS connections only.
    public enum Secure: String, Sendable, CaseIterable {
        /// Always; over a plain connection no cookie is sent.
        case on
        /// Never.
        case off
        /// As the connection is.
        case auto
    }

    /// Whether the cookie comes along from other sites.
    public enum SameSite: String, Sendable, CaseIterable {
        /// Never.
        case strict
        /// When a link is followed.
        case lax
        /// Always.
        case none
        /// `none` over TLS, else `lax`.
        case auto
        /// The attribute is left out.
        case off
    }

    /// How long a cookie lives in the browser.
    public enum Lifetime: Sendable, Equatable {
        /// Until the browser is closed.
        case browserSession
        /// So many milliseconds from its last sending; may be negative, or beyond 2^31.
        case maxAge(Int64)
        /// Until an instant. In `express` the time left slides with each request, as it does there; in `strict` it stays.
        case expires(UnixTime)
    }

    /// The path the cookie is for, and the gate: requests elsewhere have no session.
    ///
    /// `/`.
    public var path: String
    /// The domain the cookie is for; nil is this host alone, the safest.
    public var domain: String?
    /// Hides the cookie from scripts.
    ///
    /// On.
    public var httpOnly: Bool
    /// TLS only; `auto` in `strict`, unset (off) in `express`.
    public var secure: Secure?
    /// `lax` in `strict`, left out in `express`.
    public var sameSite: SameSite?
    /// Partitioned by top-level site (CHIPS).
    ///
    /// Off.
    public var partitioned: Bool?
    /// The order in which browsers drop cookies.
    ///
    /// Left out.
    public var priority: SetCookie.Priority?
    /// How long it lives in the browser.
    ///
    /// `.browserSession`.
    public var lifetime: Lifetime

    /// The settings of new cookies.
    public init(
        path: String = "/",
        domain: String? = nil,
        httpOnly: Bool = true,
        secure: Secure? = nil,
        sameSite: SameSite? = nil,
        partitioned: Bool? = nil,
        priority: SetCookie.Priority? = nil,
        lifetime: Lifetime = .browserSession
    ) {
        self.path = path
        self.domain = domain
        self.httpOnly = httpOnly
        self.secure = secure
        self.sameSite = sameSite
        self.partitioned = partitioned
        self.priority = priority
        self.lifetime = lifetime
    }
}
