/// What the end of a request does with the session: a pure table of facts to actions.
struct SessionCommit: Equatable {
    /// What to do with the record.
    enum StoreAction: Equatable {
        case nothing
        /// The record is new.
        case create
        /// The values changed, or are to be stored anyway.
        case update
        /// Only the two instants move.
        case touch
        case destroy
    }

    /// What to say of the cookie.
    enum CookieAction: Equatable {
        case nothing, set, expire
    }

    /// What happened in the request.
    struct Facts: Equatable {
        /// Whether there is a session at the end.
        var hasSession = true
        /// Whether the cookie brought the id that the session has now.
        var idCameWithCookie = false
        /// Whether the store holds a record of the session's id, as far as we know.
        var isStored = false
        /// Whether the values or the id differ from what they were when the request came.
        var isModified = false
        /// Whether what is there now has been stored already, by `save` or because it was loaded so.
        var isSaved = false
        /// Whether anything was stored or counts as stored (loaded with `resave` off).
        var hasSaved = false
        /// Whether the cookie has an end.
        var cookieHasExpiry = false
        /// Whether the cookie may not go over this connection: Secure over plain HTTP.
        var cookieIsWithheld = false
        /// Whether the last use was written down long enough ago, or the cookie's settings changed.
        var touchIsDue = false
        /// Whether the cookie was signed with a secret that is not the first.
        var signatureIsOld = false
        /// Whether the browser sent any cookie of the name.
        var broughtCookie = false
        /// Whether the handler changed the cookie's settings.
        var cookieIsChanged = false
        /// Whether the request's old id answers for a session that has a newer one, so that no cookie can be made for it.
        var isForwarded = false
        /// Whether the session was ended, by `destroy` or by another request.
        var isDestroyed = false
    }

    let store: StoreAction
    let cookie: CookieAction

    static func decide(_ facts: Facts, _ options: SessionOptions) -> SessionCommit {
        switch options.profile {
        case .express: express(facts, options)
        case .strict: strict(facts, options)
        }
    }

    /// The four questions of express-session 1.19 (`shouldDestroy`, `shouldSave`, `shouldTouch`, `shouldSetCookie`).
    private static func express(_ facts: Facts, _ options: SessionOptions) -> SessionCommit {
        guard facts.hasSession else {
            return SessionCommit(store: options.unset == .destroy ? .destroy : .nothing, cookie: .nothing)
        }
        let saves =
            !options.saveUninitialized && !facts.hasSaved && !facts.idCameWithCookie
            ? facts.isModified : !facts.isSaved
        let store: StoreAction =
            saves ? (facts.isStored ? .update : .create) : facts.idCameWithCookie ? .touch : .nothing
        let sets =
            facts.idCameWithCookie
            ? options.rolling || facts.cookieHasExpiry && facts.isModified
            : options.saveUninitialized || facts.isModified
        return SessionCommit(store: store, cookie: sets && !facts.cookieIsWithheld ? .set : .nothing)
    }

    /// Nothing is stored that cannot be reached, nothing is sent that was not stored, and a dead cookie is taken away.
    private static func strict(_ facts: Facts, _ options: SessionOptions) -> SessionCommit {
        guard facts.hasSession else {
            // After `unset` with `keep` the session lives on untouched, and so does its cookie.
            let ends = facts.isDestroyed || options.unset == .destroy
            return SessionCommit(
                store: ends && !facts.isDestroyed ? .destroy : .nothing,
                cookie: ends && facts.broughtCookie ? .expire : .nothing
            )
        }
        guard facts.isStored else {
            let stores = (facts.isModified || options.saveUninitialized) && !facts.cookieIsWithheld
            return SessionCommit(
                store: stores ? .create : .nothing,
                cookie: stores ? .set : facts.broughtCookie ? .expire : .nothing
            )
        }
        let store: StoreAction =
            !facts.isSaved && (facts.isModified || options.resave) || facts.cookieIsChanged
            ? .update : facts.touchIsDue ? .touch : .nothing
        let sets =
            !facts.idCameWithCookie || facts.signatureIsOld || options.rolling || facts.cookieIsChanged
            || facts.cookieHasExpiry && (facts.isModified || store != .nothing)
        return SessionCommit(
            store: store,
            cookie: sets && !facts.cookieIsWithheld && !facts.isForwarded ? .set : .nothing
        )
    }
}
