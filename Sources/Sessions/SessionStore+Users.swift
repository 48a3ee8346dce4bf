public import Web

extension SessionStore {
    /// The live sessions of a user, the last used first.
    ///
    /// - Parameters:
    ///   - user: compared byte for byte.
    ///   - now: what is over at this instant is left out.
    ///   - userValue: the name of the value that says whose session it is.
    /// - Returns: also sessions that another program made, if the store's index knows them.
    /// - Throws: what the store throws.
    public func sessions(
        ofUser user: String,
        now: UnixTime,
        userValue: String = "user"
    ) throws(SessionStoreError) -> [StoredSession] {
        var found: [StoredSession] = []
        for key in try keys(ofUser: user) {
            guard let record = try load(key), record.expires > now,
                let session = StoredSession(key, record, userValue: userValue),
                // The index may be behind the record: what counts is what stands in it.
                session.user.map({ $0.utf8.elementsEqual(user.utf8) }) ?? false
            else { continue }
            found.append(session)
        }
        return found.sorted { ($0.lastUsed, $0.key.hex) > ($1.lastUsed, $1.key.hex) }
    }

    /// Ends sessions of a user: "sign out everywhere", or "all others".
    ///
    /// - Parameters:
    ///   - user: compared byte for byte.
    ///   - kept: a session that stays, if any.
    ///   - userValue: the name of the value that says whose session it is.
    /// - Returns: how many were ended.
    /// - Throws: what the store throws; sessions before the failure have ended then, and calling again goes on.
    @discardableResult
    public func destroySessions(
        ofUser user: String,
        except kept: SessionStoreKey? = nil,
        userValue: String = "user"
    ) throws(SessionStoreError) -> Int {
        var ended = 0
        for key in try keys(ofUser: user) where key != kept {
            guard let record = try load(key), let session = StoredSession(key, record, userValue: userValue),
                session.user.map({ $0.utf8.elementsEqual(user.utf8) }) ?? false
            else { continue }
            if try destroy(key) { ended += 1 }
        }
        return ended
    }
}
