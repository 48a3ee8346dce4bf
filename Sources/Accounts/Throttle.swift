internal import AccountsClient
internal import Kernel
internal import Synchronization

/// Decides which tries may be verified: counts a try as a failure before it is verified, and takes that back when it succeeds.
///
/// So however many tries come at once, no more are verified than the policy lets fail. A try that is refused only because others of its
/// lane are being verified at this moment is `undetermined`: ask again when one of them has ended.
final class Throttle: Sendable {
    /// A try that was counted; settle it once.
    struct Reservation: Sendable {
        let lanes: [ThrottleLane]
    }

    enum Decision: Sendable {
        case proceed(Reservation)
        case held(milliseconds: Int64, locked: Bool)
        case undetermined
    }

    let database: UserDatabase
    let account: ThrottlePolicy
    let address: ThrottlePolicy
    private struct State {
        /// How many tries of a lane are being verified.
        var running: [ThrottleLane: Int] = [:]
        /// Reservations made and settled so far.
        var changes = 0
    }

    // Protects what is being verified, and keeps it and the database's counts in step.
    private let state = Mutex(State())

    init(database: UserDatabase, account: ThrottlePolicy, address: ThrottlePolicy) {
        self.database = database
        self.account = account
        self.address = address
    }

    /// Whether a try would be held, without counting it; nil when it is worth asking `reserve`.
    func heldNow(_ lanes: [ThrottleLane], now: Int64) throws(UserDatabaseError) -> (
        milliseconds: Int64, locked: Bool
    )? {
        let before = state.withLock { state in
            lanes.contains { state.running[$0] != nil } ? nil : state.changes
        }
        guard let before else { return nil }
        let answers = try database.read { db in
            try lanes.map { policy($0).answer(try UserDatabase.failures(db, $0), now: now) }
        }
        guard let hold = hold(answers) else { return nil }
        // The counts may hold a try that was reserved after the first look and may yet succeed.
        return state.withLock { $0.changes == before } ? hold : nil
    }

    /// Counts a try in each of its lanes, if all of them are open.
    func reserve(_ lanes: [ThrottleLane], now: Int64) throws(UserDatabaseError) -> Decision {
        let outcome: Result<Decision, UserDatabaseError> = state.withLock { state in
            do throws(UserDatabaseError) {
                let hold = try database.write { db in
                    let failures = try lanes.map {
                        policy($0).remaining(try UserDatabase.failures(db, $0), now: now)
                    }
                    if let hold = self.hold(zip(lanes, failures).map { policy($0).answer($1, now: now) }) {
                        // Keeps a clock that was set back from closing the lane until it has caught up.
                        for (lane, failures) in zip(lanes, failures) where failures.last == now {
                            try UserDatabase.setFailures(db, lane, failures)
                        }
                        return hold as (milliseconds: Int64, locked: Bool)?
                    }
                    for (lane, failures) in zip(lanes, failures) {
                        let counted = Failures(count: failures.count + 1, last: now)
                        try UserDatabase.setFailures(db, lane, counted)
                    }
                    return nil
                }
                guard let hold else {
                    for lane in lanes { state.running[lane, default: 0] += 1 }
                    state.changes += 1
                    return .success(.proceed(Reservation(lanes: lanes)))
                }
                let isRunning = lanes.contains { state.running[$0] != nil }
                return .success(
                    isRunning ? .undetermined : .held(milliseconds: hold.milliseconds, locked: hold.locked)
                )
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Ends a reservation.
    ///
    /// - Parameters:
    ///   - reservation: what `reserve` gave.
    ///   - outcome: `succeeded` clears the name's lane and takes this try back from the address's; `failed` leaves the count;
    ///     `unknown` (the hash could not be computed) takes it back.
    ///   - confirm: runs in the same transaction before a success is booked, and may still say that it is none.
    /// - Returns: whether it succeeded.
    /// - Throws: when the database cannot be written; the try then stays counted.
    func settle(
        _ reservation: Reservation,
        _ outcome: Outcome,
        confirm: (_ account: (AccountName) throws -> UserAccount?) throws -> Bool = { _ in true }
    ) throws(UserDatabaseError) -> Bool {
        let result: Result<Bool, UserDatabaseError> = state.withLock { state in
            defer {
                state.changes += 1
                for lane in reservation.lanes {
                    state.running[lane] = state.running[lane].flatMap { $0 > 1 ? $0 - 1 : nil }
                }
            }
            if outcome == .failed { return .success(false) }
            do throws(UserDatabaseError) {
                return .success(
                    try database.write { db in
                        if outcome == .succeeded {
                            guard try confirm({ try UserDatabase.account(db, $0) }) else { return false }
                        }
                        for lane in reservation.lanes {
                            var failures = try UserDatabase.failures(db, lane)
                            failures.count =
                                outcome == .succeeded && lane.kind != .address
                                ? 0 : max(0, failures.count - 1)
                            try UserDatabase.setFailures(db, lane, failures)
                        }
                        return outcome == .succeeded
                    }
                )
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    enum Outcome: Sendable { case succeeded, failed, unknown }

    private func policy(_ lane: ThrottleLane) -> ThrottlePolicy {
        lane.kind == .address ? address : account
    }

    private func hold(_ answers: [ThrottlePolicy.Answer]) -> (milliseconds: Int64, locked: Bool)? {
        var hold: (milliseconds: Int64, locked: Bool)?
        for answer in answers {
            switch answer {
            case .open: continue
            case .closed(let milliseconds):
                hold = (max(hold?.milliseconds ?? 0, milliseconds), hold?.locked ?? false)
            case .locked: hold = (max(hold?.milliseconds ?? 0, account.longestWait), true)
            }
        }
        return hold
    }
}
