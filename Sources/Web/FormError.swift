/// Why a body is not the form that was asked for.
public enum FormError: Error, Sendable, Hashable {
    /// The body's type is neither a form's nor JSON: 415.
    case unsupportedMediaType
    /// The body is longer than allowed: 413.
    case tooLong
    /// There are more fields than allowed.
    case tooManyFields
    /// A `%` without two hexadecimal digits, a NUL, or bytes that are not UTF-8.
    case malformedField
    /// The JSON is not an object of texts with every name once.
    case malformedJSON
    /// A field that must be there at most once is there several times.
    case duplicateField(String)
}

extension FormError {
    /// The answer to such a body: 413, 415, or 400.
    public var httpError: HTTPError {
        switch self {
        case .unsupportedMediaType: HTTPError(.unsupportedMediaType)
        case .tooLong: HTTPError(.contentTooLarge)
        case .tooManyFields, .malformedField, .malformedJSON, .duplicateField: HTTPError(.badRequest)
        }
    }
}
