public import AccountsClient
internal import GRDB

extension UserDatabase {
    /// Adds an account.
    ///
    /// - Parameters:
    ///   - name: refused when it, or one that looks like it, is there.
    ///   - hash: its password's.
    ///   - now: milliseconds since 1970.
    /// - Throws: `nameTaken`, `twin`, or what hinders the write.
    public func add(_ name: AccountName, hash: PasswordHash, now: Int64) throws(UserDatabaseError) {
        try write { db in
            let twin = try String.fetchOne(
                db,
                sql: "SELECT name FROM users WHERE twin = ?",
                arguments: [name.twin]
            )
            if let twin {
                let existing = AccountName(canonical: twin)
                throw existing == name
                    ? UserDatabaseError.Reason.nameTaken(name) : .twin(name, existing: existing)
            }
            try db.execute(
                sql: """
                    INSERT INTO users (name, twin, lane, hash, created, password_changed, epoch)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                // An epoch that begins with the time is above those of an earlier account of the name.
                arguments: [name.text, name.twin, ThrottleLane.key(of: name), hash.text, now, now, now]
            )
            try Self.forget(db, accountKey: ThrottleLane.key(of: name))
        }
    }

    /// The account of a name, compared by bytes; nil when there is none.
    public func account(_ name: AccountName) throws(UserDatabaseError) -> UserAccount? {
        try read { db in try Self.account(db, name) }
    }

    /// All accounts, in the byte order of their names.
    public func accounts() throws(UserDatabaseError) -> [UserAccount] {
        try read { db in
            try Row.fetchAll(db, sql: Self.selection + " ORDER BY users.name").map(Self.account)
        }
    }

    /// Sets a new password, ends the sessions, and forgets the failed tries.
    public func setPassword(of name: AccountName, to hash: PasswordHash, now: Int64) throws(UserDatabaseError)
    {
        try write { db in
            try db.execute(
                sql:
                    "UPDATE users SET hash = ?, password_changed = ?, epoch = max(epoch + 1, ?) WHERE name = ?",
                arguments: [hash.text, now, now, name.text]
            )
            guard db.changesCount == 1 else { throw UserDatabaseError.Reason.noSuchAccount(name) }
            try Self.forget(db, accountKey: ThrottleLane.key(of: name))
        }
    }

    /// Keeps an account from signing in and ends its sessions, or lets it in again.
    ///
    /// - Returns: whether that changed anything.
    @discardableResult
    public func setDisabled(_ disabled: Bool, _ name: AccountName, now: Int64) throws(UserDatabaseError)
        -> Bool
    {
        try write { db in
            guard let account = try Self.account(db, name) else {
                throw UserDatabaseError.Reason.noSuchAccount(name)
            }
            guard account.isDisabled != disabled else { return false }
            try db.execute(
                sql: "UPDATE users SET disabled = ?, epoch = max(epoch + 1, ?) WHERE name = ?",
                arguments: [disabled, now, name.text]
            )
            return true
        }
    }

    /// Removes an account; nothing of it stays but the failed tries, which a stranger could have made as well.
    public func remove(_ name: AccountName) throws(UserDatabaseError) {
        try write { db in
            try db.execute(sql: "DELETE FROM users WHERE name = ?", arguments: [name.text])
            guard db.changesCount == 1 else { throw UserDatabaseError.Reason.noSuchAccount(name) }
        }
    }

    /// Forgets the failed tries on an account, so that it may sign in at once.
    ///
    /// - Returns: how many had been counted.
    @discardableResult
    public func unlock(_ name: AccountName) throws(UserDatabaseError) -> Int {
        try write { db in
            guard let account = try Self.account(db, name) else {
                throw UserDatabaseError.Reason.noSuchAccount(name)
            }
            try Self.forget(db, accountKey: ThrottleLane.key(of: name))
            return account.failures.count
        }
    }

    /// Replaces a hash by a new one of the same password; changes nothing when the password was changed meanwhile.
    func upgrade(_ name: AccountName, from old: PasswordHash, to new: PasswordHash) throws(UserDatabaseError)
        -> Bool
    {
        try write { db in
            try db.execute(
                sql: "UPDATE users SET hash = ? WHERE name = ? AND hash = ?",
                arguments: [new.text, name.text, old.text]
            )
            return db.changesCount == 1
        }
    }

    static let selection = """
        SELECT users.*, coalesce(failures.count, 0) AS failed, coalesce(failures.last, 0) AS failed_last
        FROM users LEFT JOIN failures ON failures.kind = 'account' AND failures.key = users.lane
        """

    static func account(_ db: Database, _ name: AccountName) throws -> UserAccount? {
        try Row.fetchOne(db, sql: selection + " WHERE users.name = ?", arguments: [name.text]).map(account)
    }

    private static func account(_ row: Row) -> UserAccount {
        let name: String = row["name"]
        return UserAccount(
            name: AccountName(canonical: name),
            hash: StoredHash(parsing: row["hash"]),
            created: row["created"],
            passwordChanged: row["password_changed"],
            isDisabled: row["disabled"],
            epoch: row["epoch"],
            failures: Failures(count: row["failed"], last: row["failed_last"])
        )
    }
}
