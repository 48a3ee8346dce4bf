/// One `Set-Cookie` field (RFC 6265, section 4.1), valid from the moment it is made.
///
/// Attributes go out in the order and spelling of the JavaScript module cookie 0.7.2, which express-session
/// uses: `Domain`, `Path`, `Expires`, `HttpOnly`, `Secure`, `Partitioned`, `Priority`, `SameSite`; never
/// `Max-Age`.
public struct SetCookie: Sendable, Hashable {
    /// Which cross-site requests a browser sends the cookie with.
    public enum SameSite: String, Sendable, Hashable, CaseIterable {
        /// None.
        case strict
        /// Top-level navigations by a safe method.
        case lax
        /// All; browsers then ask for `Secure`. Where an optional is wanted, write `SameSite.none`.
        case none
    }

    /// Which cookies a browser drops first when it has too many.
    public enum Priority: String, Sendable, Hashable, CaseIterable {
        /// Dropped first.
        case low
        /// What browsers take when nothing is said.
        case medium
        /// Dropped last.
        case high
    }

    /// The cookie's name, a token.
    public let name: String

    /// The cookie's value as it goes out: percent-encoding, where it is needed, is done already.
    public let value: String

    /// The domain whose hosts get the cookie; nil means only the host that set it.
    public let domain: String?

    /// The path below which the cookie is sent; nil leaves the attribute out.
    public let path: String?

    /// When the browser forgets the cookie; nil means when it closes.
    public var expires: UnixTime?

    /// Whether scripts cannot read the cookie.
    public var httpOnly: Bool

    /// Whether the cookie travels over encrypted connections alone.
    public var secure: Bool

    /// Whether the cookie is kept apart for each top-level site (CHIPS).
    public var partitioned: Bool

    /// Nil leaves the attribute out.
    public var priority: Priority?

    /// Nil leaves the attribute out; most browsers then behave nearly as with `lax`.
    public var sameSite: SameSite?

    /// Checks name, value, domain and path, and makes the cookie; an empty domain or path is taken for none.
    public init(
        name: String,
        value: String,
        domain: String? = nil,
        path: String? = nil,
        expires: UnixTime? = nil,
        httpOnly: Bool = false,
        secure: Bool = false,
        partitioned: Bool = false,
        priority: Priority? = nil,
        sameSite: SameSite? = nil
    ) throws(SetCookieError) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isToken) else { throw .invalidName }
        guard SetCookie.isValue(value) else { throw .invalidValue }
        guard name.utf8.count + value.utf8.count <= 4096 else { throw .tooLong }
        if let domain, !domain.isEmpty {
            guard SetCookie.isDomain(domain) else { throw .invalidDomain }
            guard domain.utf8.count <= 1024 else { throw .tooLong }
            self.domain = domain
        } else {
            self.domain = nil
        }
        if let path, !path.isEmpty {
            guard path.utf8.allSatisfy({ 0x20...0x3A ~= $0 || 0x3D...0x7E ~= $0 }) else { throw .invalidPath }
            guard path.utf8.count <= 1024 else { throw .tooLong }
            self.path = path
        } else {
            self.path = nil
        }
        self.name = name
        self.value = value
        self.expires = expires
        self.httpOnly = httpOnly
        self.secure = secure
        self.partitioned = partitioned
        self.priority = priority
        self.sameSite = sameSite
    }

    /// The field's value, as text.
    public var headerValue: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the field's value; it is ASCII and has no control character.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x3D)
        bytes.append(contentsOf: value.utf8)
        if let domain {
            bytes.append("; Domain=")
            bytes.append(contentsOf: domain.utf8)
        }
        if let path {
            bytes.append("; Path=")
            bytes.append(contentsOf: path.utf8)
        }
        if let expires {
            bytes.append("; Expires=")
            expires.appendHTTPDate(to: &bytes)
        }
        if httpOnly { bytes.append("; HttpOnly") }
        if secure { bytes.append("; Secure") }
        if partitioned { bytes.append("; Partitioned") }
        switch priority {
        case .low: bytes.append("; Priority=Low")
        case .medium: bytes.append("; Priority=Medium")
        case .high: bytes.append("; Priority=High")
        case nil: break
        }
        switch sameSite {
        case .strict: bytes.append("; SameSite=Strict")
        case .lax: bytes.append("; SameSite=Lax")
        case .some(.none): bytes.append("; SameSite=None")
        case nil: break
        }
    }

    /// `cookie-value` of RFC 6265: cookie-octets, with or without a pair of double quotes around them.
    private static func isValue(_ text: String) -> Bool {
        let octets = text.utf8.span
        var start = 0
        var end = octets.count
        if end >= 2, octets[0] == 0x22, octets[end - 1] == 0x22 {
            start += 1
            end -= 1
        }
        while start < end {
            switch octets[start] {
            case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: start += 1
            default: return false
            }
        }
        return true
    }

    /// Labels of 1 to 63 letters, digits and inner hyphens, between single dots; one dot may stand in front.
    private static func isDomain(_ text: String) -> Bool {
        var length = 0
        var last: UInt8 = 0x2E
        for byte in text.utf8.first == 0x2E ? text.utf8.dropFirst() : text.utf8[...] {
            switch byte {
            case 0x2E:
                guard last != 0x2E, last != 0x2D else { return false }
                length = 0
            case 0x2D where last == 0x2E: return false
            case 0x2D, 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
                length += 1
                guard length <= 63 else { return false }
            default: return false
            }
            last = byte
        }
        return last != 0x2E && last != 0x2D
    }
}
