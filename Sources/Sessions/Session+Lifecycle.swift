public import Web

extension Session {
    /// Milliseconds until the cookie ends, moved on by each use; nil is a cookie of the browser's session.
    ///
    /// May be set to any number, also negative or beyond 2^31. express-session's `req.session.cookie.maxAge`.
    public var maxAge: Int64? {
        get { cookie.maxAge(now: context.clock()) }
        set { cookie.setMaxAge(newValue, now: context.clock()) }
    }

    /// The instant at which the cookie ends; nil is with the browser's session.
    ///
    /// In `express` each later use moves it on by the time left when it was set; in `strict` it stays.
    public var expires: UnixTime? {
        get { cookie.expires }
        set { cookie.setExpires(newValue, slides: options.profile == .express, now: context.clock()) }
    }

    /// Gives the session a new id, and ends the old one.
    ///
    /// Call it at login and at every change of rights: an id that somebody else knew or planted is worth nothing from then on. In
    /// `strict` the new record is stored before the old is destroyed, both before the answer leaves; in `express` the old record is
    /// destroyed at once. The limits count from now.
    ///
    /// - Parameter keepingData: whether the values go along; false begins empty.
    /// - Throws: `.noSession`; in `express` also `.store`, when the old record could not be destroyed (the new session is there all the same).
    public mutating func regenerate(keepingData: Bool = false) throws(SessionError) {
        guard isPresent else { throw Session.none }
        releaseLease()
        let old = (key: key, user: storedUserName)
        let wasStored = isStored
        let now = context.clock()
        id = context.ids.generate(context.request)
        key = context.key(id)
        cookie = context.newCookie(now)
        own = SessionPayload.Own(created: now.milliseconds, renewed: now.milliseconds)
        if !keepingData { values = SessionValues() }
        base = SessionValues()
        isNew = true
        isStored = false
        isForwarded = false
        renewalIsDue = false
        storedCookie = nil
        storedUser = nil
        guard wasStored else { return }
        if options.profile == .strict {
            outgoing.append(old)
        } else {
            try destroyRecord(old.key, user: old.user)
        }
    }

    /// Ends the session: the record is gone, for every request, when this returns.
    ///
    /// In `strict` the browser's cookie is removed with the answer; express-session leaves it.
    ///
    /// - Throws: `.noSession`, or `.store` when the record could not be destroyed: then in `strict` the session is still there.
    public mutating func destroy() throws(SessionError) {
        guard isPresent else { throw Session.none }
        releaseLease()
        isPresent = false
        do {
            for old in outgoing { try destroyRecord(old.key, user: old.user) }
            // A new session has no record: then there is nothing to ask the store for. Express asks all the same.
            if isStored || options.profile == .express { try destroyRecord(key, user: storedUserName) }
        } catch {
            isPresent = options.profile == .strict
            throw error
        }
        outgoing = []
        isDestroyed = true
        isStored = false
    }

    /// Lets go of the session for this request; express-session's `req.session = null`.
    ///
    /// The option `unset` says whether the record is destroyed or kept; changes of this request are lost.
    public mutating func unset() {
        releaseLease()
        isPresent = false
    }

    /// Drops the changes of this request and reads the record again.
    ///
    /// - Throws: `.noSession`, `.store`, or `.reload` when there is no live record; the session is as it was then.
    public mutating func reload() throws(SessionError) {
        guard isPresent else { throw Session.none }
        let now = context.clock()
        guard let record = try Session.store({ () throws(SessionStoreError) in try context.store.load(key) }),
            record.expires > now, let payload = try? SessionCodec.decode(record.payload)
        else { throw SessionError(.reload, "failed to load session") }
        take(payload, record)
        isNew = false
        // In express-session a change is still measured against what the request began with.
        if options.profile == .strict { originalValues = values }
    }

    /// Stores the session now, changed or not, and gives the lock of a change in place back.
    ///
    /// At the end of the request it is stored again only if it changed since.
    ///
    /// - Throws: `.noSession` when the session is gone or was ended by another request; `.store`; `.conflict`.
    public mutating func save() throws(SessionError) {
        guard isPresent else { throw Session.none }
        if let failure { throw failure }
        let now = context.clock()
        if isStored { try updateRecord(now: now) } else { try createRecord(now: now) }
        releaseLease()
        guard isPresent else { throw Session.none }
        try destroyOutgoing()
    }

    /// Moves the cookie's end and the session's idle limit on, as each use does by itself at the end of the request.
    public mutating func touch() {
        guard isPresent else { return }
        cookie.touch(slides: options.profile == .express, now: context.clock())
        touchWasAsked = true
    }

    static var none: SessionError { SessionError(.noSession, "no session") }

    /// Runs a call of the store; its failure becomes the session's.
    static func store<Value>(_ body: () throws(SessionStoreError) -> Value) throws(SessionError) -> Value {
        do { return try body() } catch { throw SessionError(error) }
    }

    mutating func releaseLease() {
        lease?.release()
        lease = nil
    }

    mutating func destroyOutgoing() throws(SessionError) {
        while let old = outgoing.last {
            try destroyRecord(old.key, user: old.user)
            outgoing.removeLast()
        }
    }

    func destroyRecord(_ key: SessionStoreKey, user: String?) throws(SessionError) {
        do {
            if try context.store.destroy(key) { context.tell(.destroyed, key, user: user) }
        } catch {
            throw SessionError(error)
        }
    }

    /// The user of the record as it was loaded or stored last.
    var storedUserName: String? { storedUser.flatMap { JSON.string($0[...]) } }
}
