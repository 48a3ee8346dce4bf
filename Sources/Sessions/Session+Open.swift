internal import Logging
internal import Web

extension Session {
    /// The values of a record become this session's.
    mutating func take(_ payload: SessionPayload, _ record: SessionRecord) {
        values = payload.values
        base = payload.values
        cookie = payload.cookie
        // The store moved the end without writing the payload again.
        if let maxAge = cookie.originalMaxAge {
            cookie.expires =
                options.profile == .express && !context.traits.keepsExpiryInPayload
                ? record.expires : cookie.expires ?? record.lastUsed.advanced(byMilliseconds: maxAge)
        }
        // `auto` follows the connection of each request; in express-session the session keeps what its first one had.
        if options.profile == .strict, options.cookie.secure == .auto { cookie.secure = context.isSecure }
        storedCookie = cookie
        storedUser = values[Array(options.userValue.utf8)].map { Array($0) }
        lastUsed = record.lastUsed
        own = payload.own ?? own
        lacksInstants = payload.own == nil && options.profile == .strict
        isStored = true
        readMask = 0
        absentReads = []
    }

    /// The session of a record that was found.
    init(_ context: SessionContext, id: String, payload: SessionPayload, record: SessionRecord, now: UnixTime)
    {
        self.init(context, state: .loaded, id: id, now: now)
        isNew = false
        cookieID = id
        take(payload, record)
        originalValues = values
        if !options.resave {
            savedValues = values
            savedID = id
        }
    }

    /// What a cookie's id led to.
    enum Found: ~Copyable {
        case session(Session)
        case expired
        case absent
    }

    /// Step 6 of 12: the record of an id is read and judged.
    static func find(_ context: SessionContext, id: String, now: UnixTime) throws(SessionError) -> Found {
        var key = context.key(id)
        var isForwarded = false
        while true {
            guard let record = try store({ () throws(SessionStoreError) in try context.store.load(key) })
            else {
                return .absent
            }
            let payload: SessionPayload
            do {
                payload = try SessionCodec.decode(record.payload)
            } catch {
                if error == .noCookie, context.options.profile == .express {
                    throw SessionError(.record, "the session's record has no cookie")
                }
                try store { () throws(SessionStoreError) in
                    try context.store.quarantine(
                        key,
                        because: error == .noCookie ? "no cookie" : "not a JSON object"
                    )
                }
                return .absent
            }
            guard isLive(record, payload, context.options, now: now) else {
                let user = payload.values[Array(context.options.userValue.utf8)].flatMap { JSON.string($0) }
                context.tell(.expired, key, user: user)
                return .expired
            }
            if let successor = payload.own?.successor {
                // At most one step: a successor that was renewed in turn is a new session's business.
                guard !isForwarded, let next = SessionStoreKey(hex: Array(successor.utf8)) else {
                    return .absent
                }
                key = next
                isForwarded = true
                continue
            }
            var session = Session(context, id: id, payload: payload, record: record, now: now)
            session.key = key
            session.isForwarded = isForwarded
            if let renew = context.options.renewMilliseconds, context.options.profile == .strict, !isForwarded
            {
                session.renewalIsDue = now.milliseconds &- session.own.renewed >= renew
            }
            return .session(session)
        }
    }

    /// Limits count as they are set now, not only as they were when the record was stored.
    private static func isLive(
        _ record: SessionRecord,
        _ payload: SessionPayload,
        _ options: SessionOptions,
        now: UnixTime
    ) -> Bool {
        guard record.expires > now else { return false }
        guard options.profile == .strict, payload.own?.successor == nil else { return true }
        if let idle = options.idleMilliseconds, record.lastUsed.advanced(byMilliseconds: idle) <= now {
            return false
        }
        if let absolute = options.absoluteMilliseconds, let created = payload.own?.created,
            UnixTime(milliseconds: created).advanced(byMilliseconds: absolute) <= now
        {
            return false
        }
        return true
    }
}
