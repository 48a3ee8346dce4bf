internal import Web

extension SessionOptions {
    /// The names of the site file's session options.
    static let names = [
        "profile", "name", "resave", "save-uninitialized", "rolling", "unset", "proxy", "max-age", "expires",
        "path", "domain",
        "http-only", "partitioned", "secure", "same-site", "priority", "idle", "absolute", "renew", "grace",
        "lock", "conflict",
        "max-sessions",
    ]

    mutating func apply(_ piece: SiteOptionsReader.Piece, _ others: Set<String>) throws(SessionError) {
        switch piece.name {
        case "profile": break  // read before all others, because it sets the defaults
        case "name": name = try SessionOptions.token(piece)
        case "resave": resave = try SiteOptionsReader.flag(piece)
        case "save-uninitialized": saveUninitialized = try SiteOptionsReader.flag(piece)
        case "rolling": rolling = try SiteOptionsReader.flag(piece)
        case "unset": unset = try SiteOptionsReader.word(piece)
        case "proxy": proxy = try SiteOptionsReader.word(piece)
        case "max-sessions":
            guard let number = Int(piece.value), (1...10_000).contains(number),
                piece.value.utf8.first != UInt8(ascii: "+")
            else {
                throw SiteOptionsReader.bad(piece, "a number from 1 to 10000")
            }
            maximumSessions = number
        case "conflict": conflict = try SiteOptionsReader.word(piece)
        case "max-age":
            cookie.lifetime =
                try SiteOptionsReader.duration(piece, allowsNegative: true).map { .maxAge($0) }
                ?? .browserSession
        case "expires":
            cookie.lifetime = try SessionOptions.instant(piece).map { .expires($0) } ?? .browserSession
        case "path", "domain", "http-only", "partitioned", "secure", "same-site", "priority":
            try applyCookie(piece)
        case "idle", "absolute", "renew", "grace", "lock": try applyLimit(piece)
        default:
            let nearest = SiteOptionsReader.nearest(
                to: piece.name,
                in: SessionOptions.names + others.sorted()
            )
            throw SiteOptionsReader.failure(
                "\"\(SiteOptionsReader.shown(piece.name.utf8))\" is not an option"
                    + (nearest.map { ", did you mean \"\($0)\"?" } ?? "")
            )
        }
    }

    private mutating func applyCookie(_ piece: SiteOptionsReader.Piece) throws(SessionError) {
        switch piece.name {
        case "path":
            guard piece.value.utf8.first == UInt8(ascii: "/"), SessionOptions.isCookieText(path: piece.value)
            else {
                throw SiteOptionsReader.bad(piece, "a path that begins with / and has no semicolon")
            }
            cookie.path = piece.value
        case "domain":
            guard !piece.value.isEmpty, SessionOptions.isCookieText(domain: piece.value) else {
                throw SiteOptionsReader.bad(piece, "a host name")
            }
            cookie.domain = piece.value
        case "http-only": cookie.httpOnly = try SiteOptionsReader.flag(piece)
        case "partitioned": cookie.partitioned = try SiteOptionsReader.flag(piece)
        case "secure": cookie.secure = try SiteOptionsReader.word(piece)
        case "same-site": cookie.sameSite = try SiteOptionsReader.word(piece)
        default: cookie.priority = try SiteOptionsReader.word(piece)
        }
    }

    private mutating func applyLimit(_ piece: SiteOptionsReader.Piece) throws(SessionError) {
        let limit = try SiteOptionsReader.duration(piece)
        if let limit, limit <= 0 { throw SiteOptionsReader.bad(piece, "a time of more than nothing") }
        switch piece.name {
        case "idle":
            idleMilliseconds = limit
            hasOwnIdle = true
        case "absolute":
            absoluteMilliseconds = limit
            hasOwnAbsolute = true
        case "renew": renewMilliseconds = limit
        case "grace":
            guard let limit else { throw SiteOptionsReader.bad(piece, "a time") }
            graceMilliseconds = limit
        default:
            guard let limit, limit <= 60_000 else {
                throw SiteOptionsReader.bad(piece, "a time of at most 60s")
            }
            lockMilliseconds = limit
        }
    }

    /// In `strict`, a cookie that is to live long asks for a session that does: unless they were given, the limits follow it.
    mutating func settle() {
        guard profile == .strict, case .maxAge(let milliseconds) = cookie.lifetime, milliseconds > 0 else {
            return
        }
        if !hasOwnIdle { idleMilliseconds = milliseconds }
        if !hasOwnAbsolute { absoluteMilliseconds = absoluteMilliseconds.map { max($0, milliseconds) } }
    }

    private static func token(_ piece: SiteOptionsReader.Piece) throws(SessionError) -> String {
        if (try? SetCookie(name: piece.value, value: "")) == nil {
            throw SiteOptionsReader.bad(piece, "a token (RFC 9110, 5.6.2)")
        }
        return piece.value
    }

    private static func instant(_ piece: SiteOptionsReader.Piece) throws(SessionError) -> UnixTime? {
        if piece.value == "none" { return nil }
        guard let instant = UnixTime(iso8601: Array(piece.value.utf8)[...]) else {
            throw SiteOptionsReader.bad(piece, "an instant (2026-11-23T08:40:37Z) or none")
        }
        return instant
    }

    private static func isCookieText(path: String? = nil, domain: String? = nil) -> Bool {
        (try? SetCookie(name: "x", value: "", domain: domain, path: path)) != nil
    }
}
