import Accounts
import AccountsClient
import Foundation
import Kernel
import Logging
import Synchronization

/// A folder with a database, and a server on a socket in it; everything ends with `end`.
final class AccountsHouse: Sendable {
    let folder: String
    let database: UserDatabase
    let engine = Argon2()
    let clock: FakeClock
    let log = CollectedLog()

    init() throws {
        folder = NSTemporaryDirectory() + "accounts-" + UUID().uuidString
        database = try UserDatabase(path: folder + "/users.db")
        clock = FakeClock(1_800_000_000_000)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { folder + "/users.db" }
    var socket: String { folder + "/a.sock" }

    func add(_ name: String, _ password: String, cost: HashCost = .quick) throws {
        let hash = try PasswordHash(of: AccountsTests.password(password), cost: cost, with: Argon2())
        try database.add(AccountName(normalising: name), hash: hash, now: clock.now)
    }

    func check(
        database: UserDatabase? = nil,
        engine: Argon2? = nil,
        _ change: (inout LoginCheck.Options) -> Void = { _ in }
    ) -> LoginCheck {
        var options = LoginCheck.Options()
        options.cost = .quick
        options.clock = { [clock] in clock.now }
        change(&options)
        return LoginCheck(
            database: database ?? self.database,
            engine: engine ?? self.engine,
            options: options,
            logger: log.logger
        )
    }

    /// Serves while `body` runs.
    func serving<Value>(
        _ check: LoginCheck? = nil,
        _ change: (inout AccountsServer.Options) -> Void = { _ in },
        _ body: (AccountsClient) throws -> Value
    ) throws -> Value {
        var options = AccountsServer.Options()
        change(&options)
        let server = try AccountsServer(check: check ?? self.check(), options: options, logger: log.logger)
        let listener = RawConnection(try AccountsServer.listen(at: socket))
        let number = listener.number
        let thread = try BlockingThread(name: "accounts") {
            do { try server.run(listener: number) } catch { print("server:", error) }
        }
        defer {
            server.stop()
            thread.join()
            try? Files.unlink(socket)
            withExtendedLifetime(listener) {}
        }
        return try body(AccountsClient(socketPath: socket))
    }
}

/// A clock that stands until it is set.
final class FakeClock: Sendable {
    private let value: Atomic<Int64>
    init(_ start: Int64) { value = Atomic(start) }
    var now: Int64 { value.load(ordering: .relaxed) }
    func advance(_ milliseconds: Int64) { value.add(milliseconds, ordering: .relaxed) }
}

extension HashCost {
    /// Cheap enough for hundreds of hashes in a debug build.
    static var quick: HashCost { HashCost(memoryKiB: 64, passes: 1) ?? .standard }
}

/// The password of a text.
func password(_ text: String) throws -> Password {
    struct Impossible: Error {}
    var bytes = Array(text.utf8)
    guard let password = Password(typed: &bytes) else { throw Impossible() }
    return password
}

/// Lines as a log handler would write them.
final class CollectedLog: Sendable {
    private let collected = Mutex<[String]>([])
    var lines: [String] { collected.withLock { $0 } }
    var logger: Logger { Logger(label: "accounts") { _ in Handler(log: self) } }

    func append(_ line: String) { collected.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: CollectedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            log.append("\(event.level) \(event.message)\(pairs.joined())")
        }
    }
}
