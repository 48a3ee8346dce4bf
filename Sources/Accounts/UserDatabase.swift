internal import GRDB
internal import Kernel

/// The accounts and the failed tries: a SQLite file in write-ahead mode, 0600.
///
/// One accounts process and any number of commands may have it open: each write is one immediate transaction, on the disk before it
/// returns, and waits at most 5 s for another's. Every method may be called from any thread and blocks it.
///
/// A file that was removed or replaced while it is open is an error at the next use: going on would lose what is written, and opening the
/// new one would apply the old one's write-ahead log to it.
public final class UserDatabase: Sendable {
    /// The version of the tables that this release reads and writes, SQLite's `user_version`.
    public static var version: Int { steps.count }
    /// SQLite's `application_id` of a users' database: `LtKy`.
    static let applicationID = 0x4C74_4B79

    /// What to do where there is no file.
    public enum Absence: Sendable {
        /// Make folder and file.
        case create
        /// Throw `missing`.
        case fail
    }

    private struct Opened: Sendable {
        let pool: DatabasePool
        let inode: UInt64
        let device: UInt64
    }

    /// The file.
    public let path: String
    private let opened: Opened

    /// Opens the file, makes or brings up to date its tables.
    ///
    /// - Parameters:
    ///   - path: its folder must belong to us (or root) and be writable by nobody else; it is made 0700 when it is not there.
    ///   - absence: what to do where there is no file.
    /// - Throws: `missing`, `unsafe`, `newer`, or what hinders the opening.
    public init(path: String, absence: Absence = .create) throws(UserDatabaseError) {
        self.path = path
        opened = try Self.open(path, absence)
    }

    /// Reads in one snapshot; does not wait for a writer.
    func read<Value>(_ body: (Database) throws -> Value) throws(UserDatabaseError) -> Value {
        let pool = try current()
        do { return try pool.read(body) } catch { throw Self.error(error, path) }
    }

    /// Writes in one immediate transaction; on the disk when this returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(UserDatabaseError) -> Value {
        let pool = try current()
        do { return try pool.write(body) } catch { throw Self.error(error, path) }
    }

    /// Runs outside of a transaction, for what SQLite wants there; only tests and upkeep need it.
    func writeWithoutTransaction<Value>(_ body: (Database) throws -> Value) throws(UserDatabaseError) -> Value
    {
        let pool = try current()
        do { return try pool.writeWithoutTransaction(body) } catch { throw Self.error(error, path) }
    }

    private func current() throws(UserDatabaseError) -> DatabasePool {
        let status: FileStatus
        do { status = try Files.status(path) } catch .noSuchFile {
            throw UserDatabaseError(path: path, reason: .missing)
        } catch {
            throw UserDatabaseError(path: path, reason: .system(error))
        }
        guard status.inode == opened.inode, status.device == opened.device else {
            throw UserDatabaseError(path: path, reason: .replaced)
        }
        return opened.pool
    }

    private static func open(_ path: String, _ absence: Absence) throws(UserDatabaseError) -> Opened {
        try prepareFile(path, absence)
        let deadline = Clocks.monotonicMilliseconds() + 5000
        while true {
            do {
                let pool = try DatabasePool(path: path, configuration: configuration())
                try pool.write { db in try migrate(db, path) }
                let status = try Files.status(path)
                return Opened(pool: pool, inode: status.inode, device: status.device)
            } catch {
                let failure = Self.error(error, path)
                // Going over to write-ahead mode says "busy" at once when another process is at it too.
                guard failure.reason == .busy, Clocks.monotonicMilliseconds() < deadline else {
                    throw failure
                }
                Clocks.sleep(nanoseconds: 20_000_000)
            }
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "users"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 3
        configuration.prepareDatabase { db in
            // An account that was added, a password that was changed, a failure that was counted: on the disk, also after a power cut.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // A removed hash is overwritten, not only forgotten.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    static func error(_ error: any Error, _ path: String) -> UserDatabaseError {
        let reason: UserDatabaseError.Reason
        switch error {
        case let known as UserDatabaseError: return known
        case let known as UserDatabaseError.Reason: reason = known
        case let errno as Errno: reason = .system(errno)
        case let failure as DatabaseError:
            // Without the statement and its arguments: they may hold a hash.
            let words = failure.message ?? "SQLite error \(failure.extendedResultCode.rawValue)"
            switch failure.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: reason = .busy
            case .SQLITE_FULL: reason = .full
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: reason = .damaged(words)
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_IOERR: reason = .notWritable(words)
            default: reason = .failed(words)
            }
        default: reason = .failed(String(describing: type(of: error)))
        }
        return UserDatabaseError(path: path, reason: reason)
    }
}

extension UserDatabaseError.Reason: Error {}
