internal import GRDB

extension UserDatabase {
    // Each step brings the tables from its place in this list to the next version. Steps that were released are never changed.
    static let steps: [String] = [
        """
        CREATE TABLE users (
            name TEXT NOT NULL PRIMARY KEY,
            twin TEXT NOT NULL UNIQUE,
            lane TEXT NOT NULL UNIQUE,
            hash TEXT NOT NULL,
            created INTEGER NOT NULL,
            password_changed INTEGER NOT NULL,
            disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
            epoch INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE failures (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            label TEXT,
            count INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (kind, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX failures_by_age ON failures (kind, last);
        """
    ]

    /// Makes the tables, or brings them up to date; in the one transaction that it is called in, so two processes may start at once.
    static func migrate(_ db: Database, _ path: String) throws {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if version == 0 {
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            guard tables == 0 else {
                throw UserDatabaseError.Reason.damaged("it holds the tables of something else")
            }
        } else if application != applicationID {
            throw UserDatabaseError.Reason.damaged("it holds the tables of something else")
        }
        guard version <= steps.count else { throw UserDatabaseError.Reason.newer(version) }
        guard version < steps.count else { return }
        for step in steps[version...] { try db.execute(sql: step) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(steps.count)")
    }
}
