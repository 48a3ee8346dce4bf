/// Why a ``SetCookie`` cannot be made.
public enum SetCookieError: Error, Sendable, Hashable {
    /// The name is empty or not a token (RFC 6265, section 4.1.1).
    case invalidName
    /// The value has a control, a blank, one of `"`, `,`, `;`, `\`, or a byte from 0x80 on.
    case invalidValue
    /// The domain is not a row of DNS labels, with at most one dot in front.
    case invalidDomain
    /// The path has a control, `;`, `<` or a byte from 0x7F on.
    case invalidPath
    /// Name and value together are over 4,096 bytes, or domain or path over 1,024: browsers drop such
    /// cookies.
    case tooLong
}
