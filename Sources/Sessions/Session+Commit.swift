internal import Logging
internal import Web

extension Session {
    /// Step 9 of 12: what the store and the browser are to be told is decided.
    mutating func decide(handlerFailed: Bool, now: UnixTime) -> SessionCommit {
        if handlerFailed, options.profile == .strict {
            dropChanges()
            // A new id whose record was never stored is not there: the old session goes on as it was.
            if !isStored, isPresent, state == .loaded {
                return SessionCommit(store: .nothing, cookie: .nothing)
            }
        }
        return SessionCommit.decide(facts(now: now), options)
    }

    private mutating func dropChanges() {
        values = base
        if let storedCookie { cookie = storedCookie }
        outgoing = []
        if !isStored { originalValues = values }
    }

    private func facts(now: UnixTime) -> SessionCommit.Facts {
        var facts = SessionCommit.Facts()
        facts.hasSession = isPresent
        facts.isDestroyed = isDestroyed
        facts.broughtCookie = broughtCookie
        guard isPresent else { return facts }
        let isExpress = options.profile == .express
        facts.idCameWithCookie = cookieID == id
        facts.isStored = isStored
        facts.isModified =
            originalID != id
            || !(isExpress ? values.isSameInOrder(as: originalValues) : values.isSame(as: originalValues))
        // express-session never takes a session that `regenerate` made for saved: it is written again at the end, with all that
        // its cookie became after `save`.
        facts.isSaved =
            (isExpress ? originalID : savedID) == id
            && savedValues.map { isExpress ? values.isSameInOrder(as: $0) : values.isSame(as: $0) } ?? false
        facts.hasSaved = savedValues != nil
        facts.cookieHasExpiry = cookie.expires != nil
        facts.cookieIsWithheld = cookieIsSecure && !context.isSecure
        facts.cookieIsChanged = storedCookie.map { !cookie.hasSameSettings(as: $0) } ?? false
        facts.signatureIsOld = signatureIsOld
        facts.isForwarded = isForwarded
        facts.touchIsDue = touchIsDue(now: now)
        return facts
    }

    /// Whether the last use was written down at least a tenth of the idle time ago; touches cost a write each.
    private func touchIsDue(now: UnixTime) -> Bool {
        guard extendsLife else { return false }
        // Without them the absolute limit would begin anew with each request.
        if touchWasAsked || lacksInstants { return true }
        guard let lastUsed else { return true }
        let step = (options.idleMilliseconds ?? SessionOptions.longest) / 10
        return now.milliseconds(since: lastUsed) >= step
    }

    var cookieIsSecure: Bool { cookie.secure ?? false }

    /// Step 10 of 12: the store is told; nothing has been promised to the browser yet.
    mutating func perform(_ action: SessionCommit.StoreAction, now: UnixTime) throws(SessionError) {
        if isPresent, extendsLife { cookie.touch(slides: options.profile == .express, now: now) }
        switch action {
        case .nothing: break
        case .create: try createRecord(now: now)
        case .update: try updateRecord(now: now)
        case .touch: try touchRecord(now: now)
        case .destroy:
            // Without a record of ours there is nothing to end in `strict`; express-session asks the store in any case.
            if isStored || options.profile == .express { try destroyRecord(key, user: storedUserName) }
        }
        if isPresent, renewalIsDue, action != .destroy { try renew(now: now) }
        try destroyOutgoing()
    }

    private func record(now: UnixTime) -> SessionRecord {
        let payload = SessionPayload(
            cookie: cookie,
            values: values,
            own: options.profile == .strict ? own : nil
        )
        return SessionRecord(
            payload: SessionCodec.encode(payload),
            expires: options.expiry(created: UnixTime(milliseconds: own.created), now: now, cookie: cookie),
            lastUsed: now
        )
    }

    /// The name to index the record under, when it is not the one it was last indexed under.
    private func newUser() -> String? {
        guard let raw = values[Array(options.userValue.utf8)], raw != storedUser?[...] else { return nil }
        return JSON.string(raw)
    }

    private mutating func noteStored(now: UnixTime) {
        isStored = true
        lastUsed = now
        base = values
        savedValues = values
        savedID = id
        storedCookie = cookie
        storedUser = values[Array(options.userValue.utf8)].map { Array($0) }
    }

    mutating func createRecord(now: UnixTime) throws(SessionError) {
        var record = record(now: now)
        record.user = newUser()
        var tries = 0
        while true {
            if try Session.store({ () throws(SessionStoreError) in try context.store.create(key, record) }) {
                break
            }
            tries += 1
            if tries == 5 {
                throw SessionError(SessionStoreError(.unavailable, "create record: every id is taken"))
            }
            if context.ids.isRandom {
                id = context.ids.generate(context.request)
                key = context.key(id)
            } else {
                // The program chose this id: whoever had it before is replaced, as in express-session.
                _ = try Session.store { () throws(SessionStoreError) in try context.store.destroy(key) }
            }
        }
        noteStored(now: now)
        context.tell(.created, key, user: storedUserName)
        if record.user != nil { try endOldest(now: now) }
    }

    /// At most so many sessions of one user: those that were used longest ago end, never this one.
    private mutating func endOldest(now: UnixTime) throws(SessionError) {
        guard let most = options.maximumSessions, let user = storedUserName else { return }
        do throws(SessionStoreError) {
            let sessions = try context.store.sessions(ofUser: user, now: now, userValue: options.userValue)
            let leaving = outgoing.map(\.key)
            let others = sessions.filter { $0.key != key && !leaving.contains($0.key) }
            for session in others.dropFirst(max(0, most - 1)) where try context.store.destroy(session.key) {
                context.tell(.destroyed, session.key, user: user)
            }
        } catch {
            throw SessionError(error)
        }
    }

    mutating func updateRecord(now: UnixTime) throws(SessionError) {
        var merged = values
        var conflicts = 0
        var foreign = false
        var successor: SessionStoreKey?
        var isDead = false
        let user = newUser()
        let session = UpdateInput(cookie: cookie, isStrict: options.profile == .strict)
        let outcome: SessionUpdateOutcome
        do {
            let options = self.options
            let (own, key) = (self.own, self.key)
            outcome = try context.store.update(key, holding: lease, until: context.lockDeadline) { record in
                (merged, conflicts, foreign) = (values, 0, false)
                guard let current = try? SessionCodec.decode(record.payload) else {
                    isDead = true
                    return .leaveAsItIs
                }
                if let next = current.own?.successor.flatMap({ SessionStoreKey(hex: Array($0.utf8)) }) {
                    successor = next
                    return .leaveAsItIs
                }
                (merged, conflicts, foreign) = merge(onto: current.values)
                if conflicts > 0, options.conflict == .fail { return .leaveAsItIs }
                var times = current.own ?? own
                if own.renewed > times.renewed { times.renewed = own.renewed }
                let payload = SessionPayload(
                    cookie: session.cookie,
                    values: merged,
                    own: session.isStrict ? times : current.own
                )
                record.payload = SessionCodec.encode(payload)
                record.expires = options.expiry(
                    created: UnixTime(milliseconds: times.created),
                    now: now,
                    cookie: session.cookie
                )
                record.lastUsed = now
                record.user = user
                return .store
            }
        } catch {
            throw SessionError(error)
        }
        if let successor, !isForwarded || successor != key {
            // Renewed by another request meanwhile: the edits belong to the session's new record.
            key = successor
            isForwarded = true
            releaseLease()
            return try updateRecord(now: now)
        }
        if outcome == .gone || isDead { return becomeGone() }
        for _ in 0..<conflicts { context.counters.count(.conflict) }
        if conflicts > 0, options.conflict == .fail {
            throw SessionError(.conflict, "another request changed the session at the same time")
        }
        if foreign { context.counters.count(.merged) }
        values = merged
        noteStored(now: now)
        if user != nil { try endOldest(now: now) }
    }

    private struct UpdateInput {
        let cookie: SessionCookie
        let isStrict: Bool
    }

    private mutating func touchRecord(now: UnixTime) throws(SessionError) {
        // Touching revives nothing: what was stored as ended, or ended while the handler ran, stays so in express-session.
        if options.profile == .express, !context.traits.keepsExpiryInPayload, let end = storedCookie?.expires,
            end <= now
        {
            return
        }
        let hasNewSettings = storedCookie.map { !cookie.hasSameSettings(as: $0) } ?? true
        if context.traits.keepsExpiryInPayload || hasNewSettings || lacksInstants {
            return try updateRecord(now: now)
        }
        let expires = options.expiry(created: UnixTime(milliseconds: own.created), now: now, cookie: cookie)
        let found = try Session.store { () throws(SessionStoreError) in
            try context.store.touch(key, expires: expires, lastUsed: now)
        }
        if !found, options.profile == .strict { becomeGone() }
        lastUsed = now
    }

    /// A new id at equal rights: the new record is stored first, then the old one is made to point to it for a while, so that
    /// requests that are under way with the old id still find their session.
    private mutating func renew(now: UnixTime) throws(SessionError) {
        guard isStored, !isForwarded, !context.traits.namesRecordsByID else { return }
        let old = key
        if lease == nil {
            lease = try Session.store { () throws(SessionStoreError) in
                try context.store.lease(old, until: context.lockDeadline)
            }
        }
        defer { releaseLease() }
        // Under the lock: what others stored meanwhile goes along, and only one request renews.
        guard let record = try Session.store({ () throws(SessionStoreError) in try context.store.load(old) }),
            let current = try? SessionCodec.decode(record.payload)
        else { return becomeGone() }
        guard current.own?.successor == nil else { return }
        values = current.values
        own = current.own ?? own
        own.renewed = now.milliseconds
        let oldLease = lease
        lease = nil
        id = context.ids.generate(context.request)
        key = context.key(id)
        storedUser = nil
        try createRecord(now: now)
        lease = oldLease
        let forward = SessionPayload(
            cookie: cookie,
            values: SessionValues(),
            own: SessionPayload.Own(created: own.created, renewed: now.milliseconds, successor: key.hex)
        )
        let grace = now.advanced(byMilliseconds: options.graceMilliseconds)
        _ = try Session.store { () throws(SessionStoreError) in
            try context.store.update(old, holding: oldLease, until: context.lockDeadline) { record in
                record.payload = SessionCodec.encode(forward)
                record.expires = grace
                return .store
            }
        }
    }
}
