/// Why a ``SetCookie`` cannot be made.
public enum SetCookieError: Error, Sendable, Hashable {
    /// The name is empty or not a token (RFC 6265, section 4.1.1).
    case invalidName
    /// The value has a byte outside `cookie-octet`: a control, a blank, `"`, `,`, `;`, `\` or one from 0x80 on.
    case invalidValue
    /// The domain is not a row of DNS labels, with at most one dot in front.
    case invalidDomain
    /// The path has a control, `;`, `<` or a byte from 0x7F on.
    case invalidPath
    /// Name and value are over 4,096 bytes together, or domain or path over 1,024: browsers drop such cookies silently.
    case tooLong
}
