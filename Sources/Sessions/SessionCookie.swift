public import Web

/// The cookie settings of one session, stored with it; express-session's `req.session.cookie`.
public struct SessionCookie: Sendable, Equatable {
    /// `Path`; nil leaves it out.
    public var path: String?
    /// `Domain`; nil leaves it out, so that the cookie is this host's alone.
    public var domain: String?
    /// `HttpOnly`.
    public var httpOnly: Bool
    /// `Secure`; nil is not set, and means false.
    public var secure: Bool?
    /// `Partitioned`; nil is not set, and means false.
    public var partitioned: Bool?
    /// `Priority`; nil leaves it out.
    public var priority: SetCookie.Priority?
    /// `SameSite`; nil leaves it out.
    public var sameSite: SetCookie.SameSite?
    /// What each use moves `expires` by, in milliseconds; nil is a cookie of the browser's session, or one with a fixed end.
    public internal(set) var originalMaxAge: Int64?
    /// When the cookie ends; nil is with the browser's session.
    public internal(set) var expires: UnixTime?

    /// The settings of a new session.
    ///
    /// - Parameters:
    ///   - options: what the site says.
    ///   - isSecure: what `auto` looks at.
    ///   - slides: whether a fixed `expires` becomes a time left that slides, as in express-session.
    ///   - now: what a `maxAge` counts from.
    init(_ options: SessionCookieOptions, isSecure: Bool, slides: Bool, now: UnixTime) {
        path = options.path
        domain = options.domain
        httpOnly = options.httpOnly
        partitioned = options.partitioned
        priority = options.priority
        switch options.secure {
        case .on: secure = true
        case .off: secure = false
        case .auto: secure = isSecure
        case nil: secure = nil
        }
        switch options.sameSite {
        case .strict: sameSite = .strict
        case .lax: sameSite = .lax
        case .some(.none): sameSite = SetCookie.SameSite.none
        case .auto: sameSite = isSecure ? SetCookie.SameSite.none : .lax
        case .off, nil: sameSite = nil
        }
        switch options.lifetime {
        case .browserSession: break
        case .maxAge(let milliseconds): setMaxAge(milliseconds, now: now)
        case .expires(let instant): setExpires(instant, slides: slides, now: now)
        }
    }

    /// Not yet read from a record.
    init() {
        path = "/"
        httpOnly = true
    }

    /// Lives so many milliseconds from now and from each use; nil: as long as the browser's session.
    public mutating func setMaxAge(_ milliseconds: Int64?, now: UnixTime) {
        originalMaxAge = milliseconds
        expires = milliseconds.map { now.advanced(byMilliseconds: $0) }
    }

    /// Ends at an instant; nil: with the browser's session.
    ///
    /// - Parameters:
    ///   - instant: the end.
    ///   - slides: whether each use moves the end on by the time that is left now, as in express-session.
    ///   - now: what the time left counts from.
    public mutating func setExpires(_ instant: UnixTime?, slides: Bool, now: UnixTime) {
        expires = instant
        originalMaxAge = slides ? instant.map { $0.milliseconds(since: now) } : nil
    }

    /// The milliseconds left, negative when over; nil is a cookie of the browser's session.
    public func maxAge(now: UnixTime) -> Int64? { expires.map { $0.milliseconds(since: now) } }

    /// What each use does: the end moves on.
    ///
    /// - Parameters:
    ///   - slides: whether an end without a time left to move it by is dropped, as in express-session; else it stays.
    ///   - now: what the time left counts from.
    mutating func touch(slides: Bool, now: UnixTime) {
        if let originalMaxAge {
            expires = now.advanced(byMilliseconds: originalMaxAge)
        } else if slides {
            expires = nil
        }
    }

    /// Equal in everything that is stored but the end, which moves by itself.
    func hasSameSettings(as other: SessionCookie) -> Bool {
        var copy = self
        if originalMaxAge != nil { copy.expires = other.expires }
        return copy == other
    }
}
