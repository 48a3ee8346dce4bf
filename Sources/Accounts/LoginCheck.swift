internal import AccountsClient
internal import Kernel
public import Logging
internal import Synchronization

/// Decides whether a name and a password let somebody in: throttle, hash, account, in this order and with the same work for all.
public final class LoginCheck: Sendable {
    /// What a check depends on.
    public struct Options: Sendable {
        /// What new and upgraded hashes cost.
        public var cost = HashCost.standard
        /// How tries on a name are slowed down.
        public var account = ThrottlePolicy.account
        /// How tries from an address are slowed down.
        public var address = ThrottlePolicy.address
        /// Whether a log line shows a name that does not exist; people type passwords there, so it does not.
        public var logsUnknownNames = false
        /// Milliseconds since 1970.
        public var clock: @Sendable () -> Int64 = { Clocks.wallMilliseconds() }

        /// The defaults.
        public init() {}
    }

    let database: UserDatabase
    let engine: Argon2
    let throttle: Throttle
    let options: Options
    private let nothing: PasswordHash
    let logger: Logger
    let gate = LogGate(perSecond: 20)
    private let untilPruning = Atomic<Int>(0)

    /// A check against a database.
    ///
    /// - Parameters:
    ///   - database: where accounts and failures are.
    ///   - engine: computes the hashes, and counts them.
    ///   - options: costs and policies.
    ///   - logger: gets a line for each login and each failure; never a password.
    public init(
        database: UserDatabase,
        engine: Argon2 = Argon2(),
        options: Options = Options(),
        logger: Logger
    ) {
        self.database = database
        self.engine = engine
        self.options = options
        self.logger = logger
        throttle = Throttle(database: database, account: options.account, address: options.address)
        nothing = PasswordHash.ofNothing(cost: options.cost)
    }

    /// Answers without a hash where the answer is sure already: held, or nothing that could be a password.
    ///
    /// - Returns: nil when the password has to be verified.
    func answerAtOnce(_ attempt: LoginAttempt) -> AccountsAnswer? {
        guard (1...AccountsWireFormat.maximumPasswordBytes).contains(attempt.password.count) else {
            return .verification(.rejected)
        }
        let name = AccountName(typed: attempt.name)
        do throws(UserDatabaseError) {
            let lanes = ThrottleLane.lanes(of: attempt, name: name)
            guard let hold = try throttle.heldNow(lanes, now: options.clock()) else { return nil }
            return held(attempt, hold.milliseconds, locked: hold.locked)
        } catch {
            return unavailable(error)
        }
    }

    /// Verifies a try, and brings the stored hash up to the present cost after a success.
    ///
    /// - Parameters:
    ///   - attempt: what was typed; its password is wiped.
    ///   - answer: is called with the answer, before a hash is upgraded. Not called when the outcome is `undetermined`, and then the password
    ///     is not wiped.
    /// - Returns: whether it was answered.
    func run(_ attempt: inout LoginAttempt, _ answer: (AccountsAnswer) -> Void) -> Bool {
        let name = AccountName(typed: attempt.name)
        do throws(UserDatabaseError) {
            switch try throttle.reserve(ThrottleLane.lanes(of: attempt, name: name), now: options.clock()) {
            case .undetermined: return false
            case .held(let milliseconds, let locked):
                answer(held(attempt, milliseconds, locked: locked))
                Memory.wipe(&attempt.password)
            case .proceed(let reservation): try verify(&attempt, name, reservation, answer)
            }
        } catch {
            Memory.wipe(&attempt.password)
            answer(unavailable(error))
        }
        pruneSometimes()
        return true
    }

    private func verify(
        _ attempt: inout LoginAttempt,
        _ name: AccountName?,
        _ reservation: Throttle.Reservation,
        _ answer: (AccountsAnswer) -> Void
    ) throws(UserDatabaseError) {
        guard let password = Password(typed: &attempt.password) else {
            _ = try throttle.settle(reservation, .unknown)
            return answer(unavailable("no memory to hold a password"))
        }
        let account: UserAccount?
        let hash: PasswordHash
        let matches: Bool
        do {
            account = try name.flatMap { try database.account($0) }
            // A name that does not exist costs what any other costs, and so does one whose hash is of no use.
            hash = usableHash(of: account) ?? nothing
            matches = try hash.verify(password, with: engine)
        } catch let failure as UserDatabaseError {
            _ = try throttle.settle(reservation, .unknown)
            throw failure
        } catch {
            _ = try throttle.settle(reservation, .unknown)
            return answer(unavailable("no memory for a password hash of \(options.cost)"))
        }
        guard matches, let account, !account.isDisabled else {
            _ = try throttle.settle(reservation, .failed)
            logFailure(attempt, account, matches: matches)
            return answer(.verification(.rejected))
        }
        // The account may have been removed, disabled or given another password while the hash was computed.
        let stands = try throttle.settle(reservation, .succeeded) { current in
            Self.isUnchanged(account, try current(account.name))
        }
        guard stands else {
            logger.notice("login failed", metadata: metadata(attempt, account, "changed-meanwhile"))
            return answer(.verification(.rejected))
        }
        logger.info("login accepted", metadata: metadata(attempt, account, nil))
        answer(.verification(.accepted(VerifiedAccount(name: account.name, epoch: account.epoch))))
        if hash.needsRehash(for: options.cost) { upgrade(account, hash, password) }
    }

    /// Whether an account still lets the same password in as when it was read.
    ///
    /// The epoch grows with every new password; the hash alone may have been upgraded by another login of the same moment.
    static func isUnchanged(_ seen: UserAccount, _ now: UserAccount?) -> Bool {
        now?.epoch == seen.epoch && now?.isDisabled == false
    }

    private func usableHash(of account: UserAccount?) -> PasswordHash? {
        guard let account else { return nil }
        switch account.hash {
        case .argon2id(let hash): return hash
        case .unusable(let why):
            logger.error("unusable hash", metadata: ["user": "\(LoggedText(account.name))", "why": "\(why)"])
            return nil
        }
    }

    private func upgrade(_ account: UserAccount, _ old: PasswordHash, _ password: Password) {
        do {
            let hash = try PasswordHash(of: password, cost: options.cost, with: engine)
            guard try database.upgrade(account.name, from: old, to: hash) else { return }
            logger.info(
                "password hash upgraded",
                metadata: [
                    "user": "\(LoggedText(account.name))", "from": "\(old.cost)",
                    "to": "\(options.cost)",
                ]
            )
        } catch {
            // The old hash still verifies; the next login tries again.
            logger.warning(
                "password hash not upgraded",
                metadata: [
                    "user": "\(LoggedText(account.name))",
                    "why": "\(LoggedText(String(describing: error).utf8))",
                ]
            )
        }
    }

    private func pruneSometimes() {
        // At the first try after the start and then at each 10,000th.
        guard untilPruning.add(1, ordering: .relaxed).oldValue % 10_000 == 0 else { return }
        do { try database.pruneFailures(now: options.clock()) } catch {
            logger.warning(
                "old failures not dropped",
                metadata: ["why": "\(LoggedText(error.description.utf8))"]
            )
        }
    }
}
