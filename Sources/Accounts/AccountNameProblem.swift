/// Why something that was typed cannot be an account's name.
public enum AccountNameProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// No character at all.
    case empty
    /// More than 64 code points.
    case tooLong
    /// A space at an end, or two in a row.
    case space
    /// A hyphen in front: a command would take it for an option.
    case leadingHyphen
    /// A colon: htpasswd files and Basic credentials end the name there.
    case colon
    /// A control, invisible, unassigned or lone combining character.
    case invisible(Unicode.Scalar)
    /// A full-width letter, a ligature or the like, which has a plainer form.
    case compatibilityForm
    /// Latin, Greek and Cyrillic letters mixed: they look alike.
    case mixedAlphabets

    /// The rule that was broken, as the end of a sentence that begins with "the name".
    public var description: String {
        switch self {
        case .empty: "is empty"
        case .tooLong: "has more than 64 characters"
        case .space: "begins or ends with a space, or has two in a row"
        case .leadingHyphen: "begins with a hyphen"
        case .colon: "has a colon in it"
        case .invisible(let scalar):
            "has a character that cannot be seen or stand alone (U+\(String(scalar.value, radix: 16, uppercase: true)))"
        case .compatibilityForm: "has a character with a plainer form (full-width, ligature, superscript)"
        case .mixedAlphabets: "mixes Latin, Greek or Cyrillic letters, which look alike"
        }
    }
}
