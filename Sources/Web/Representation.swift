/// The three forms in which an answer can be written.
public enum Representation: Sendable, Hashable, CaseIterable {
    /// A page, for browsers.
    case html
    /// An object, for programs.
    case json
    /// A sentence, for everyone else.
    case text
}

extension Request {
    /// The form that suits the client: the best liked of those that its `Accept` names.
    ///
    /// Only `text/html`, `application/json` and `text/plain` themselves count as named, so a bare `*/*`,
    /// which curl sends, means text, and so does anything else. Of equally liked ones HTML comes before JSON,
    /// and JSON before text.
    public var representation: Representation {
        let preferences = Accept(parameters).preferences(for: [.html, .json, .text])
        var best = Representation.text
        var quality = 0
        for (candidate, preference) in zip([Representation.html, .json, .text], preferences)
        where preference.closeness == 3 && preference.quality > quality {
            best = candidate
            quality = preference.quality
        }
        return best
    }

    /// The best liked of the types that can be had, the earlier of equals; nil when none will do (406).
    ///
    /// Without an `Accept` it is the first. Ranges with `*` count, each only where no closer one is given
    /// (RFC 9110, section 12.5.1).
    public func preferredType(of types: [MediaType]) -> MediaType? {
        var best: MediaType?
        var quality = 0
        for (type, preference) in zip(types, Accept(parameters).preferences(for: types))
        where preference.quality > quality {
            best = type
            quality = preference.quality
        }
        return best
    }
}
