internal import GRDB

extension UserDatabase {
    /// The addresses that tries failed from within the last day, the most failures first, 1,000 at most.
    public func countedAddresses() throws(UserDatabaseError) -> [CountedAddress] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT label, count, last FROM failures WHERE kind = 'address' AND label IS NOT NULL
                    ORDER BY count DESC, label LIMIT 1000
                    """
            ).map {
                CountedAddress(network: $0["label"], failures: Failures(count: $0["count"], last: $0["last"]))
            }
        }
    }

    /// Forgets the failed tries from a client's address (for IPv6, from its /64 network).
    ///
    /// - Returns: whether any had been counted.
    @discardableResult
    public func unlock(address: String) throws(UserDatabaseError) -> Bool {
        let typed = address.hasSuffix("::/64") ? String(address.dropLast(3)) : address
        guard let network = ClientNetwork(address: Array(typed.utf8)) else { return false }
        return try write { db in
            try db.execute(
                sql: "DELETE FROM failures WHERE kind = 'address' AND label = ?",
                arguments: [network.text]
            )
            return db.changesCount > 0
        }
    }

    /// What is counted in a lane.
    static func failures(_ db: Database, _ lane: ThrottleLane) throws -> Failures {
        let row = try Row.fetchOne(
            db,
            sql: "SELECT count, last FROM failures WHERE kind = ? AND key = ?",
            arguments: [lane.kind.rawValue, lane.key]
        )
        return row.map { Failures(count: $0["count"], last: $0["last"]) } ?? .none
    }

    /// Puts what is counted in a lane; a count of 0 takes the lane away.
    static func setFailures(_ db: Database, _ lane: ThrottleLane, _ failures: Failures) throws {
        guard failures.count > 0 else {
            try db.execute(
                sql: "DELETE FROM failures WHERE kind = ? AND key = ?",
                arguments: [lane.kind.rawValue, lane.key]
            )
            return
        }
        try db.execute(
            sql: """
                INSERT INTO failures (kind, key, label, count, last) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (kind, key) DO UPDATE SET count = excluded.count, last = excluded.last
                """,
            arguments: [lane.kind.rawValue, lane.key, lane.label, failures.count, failures.last]
        )
    }

    /// Forgets what strangers and known devices failed on a name.
    static func forget(_ db: Database, accountKey key: String) throws {
        try db.execute(
            sql: "DELETE FROM failures WHERE kind IN ('account', 'device') AND key = ?",
            arguments: [key]
        )
    }

    /// Drops what no longer counts, so that tries on endless names or addresses cannot fill the disk.
    ///
    /// Counts of names that exist stay for ever; of others for 30 days, and the latest 100,000; of addresses for a day.
    func pruneFailures(now: Int64) throws(UserDatabaseError) {
        try write { db in
            try db.execute(
                sql: "DELETE FROM failures WHERE kind = 'address' AND last < ?",
                arguments: [now - 86_400_000]
            )
            let strangers = "kind <> 'address' AND key NOT IN (SELECT lane FROM users)"
            try db.execute(
                sql: "DELETE FROM failures WHERE \(strangers) AND last < ?",
                arguments: [now - 30 * 86_400_000]
            )
            for condition in [strangers, "kind = 'address'"] {
                try db.execute(
                    sql: """
                        DELETE FROM failures WHERE (kind, key) IN
                        (SELECT kind, key FROM failures WHERE \(condition) ORDER BY last DESC LIMIT -1 OFFSET 100000)
                        """
                )
            }
        }
    }
}
