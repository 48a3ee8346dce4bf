/// How long failures keep a lane closed; a pure value, the time is given.
public struct ThrottlePolicy: Sendable, Hashable {
    /// What a lane says to one more try.
    public enum Answer: Sendable, Hashable {
        /// It may be made.
        case open
        /// Not before so many milliseconds have passed, 1 or more.
        case closed(milliseconds: Int64)
        /// Not before somebody unlocks the account.
        case locked
    }

    /// Failures in a row before the first wait.
    public var free: Int
    /// The wait after the last free one, in milliseconds; each further failure doubles it.
    public var firstWait: Int64
    /// The longest wait, in milliseconds.
    public var longestWait: Int64
    /// So many failures in a row lock the lane; nil never does.
    public var ceiling: Int?
    /// One failure is forgiven for each such time without another, in milliseconds; nil forgives none.
    public var forgivenEvery: Int64?

    /// On an account: 5 free, then 1 s, 2 s, 4 s … 1 h; 100 in a row lock it (NIST SP 800-63B-4 section 3.2.2).
    public static let account = ThrottlePolicy(
        free: 5,
        firstWait: 1000,
        longestWait: 3_600_000,
        ceiling: 100,
        forgivenEvery: nil
    )
    /// From an address: 20 free, then 1 s, 2 s … 15 min; one forgiven a minute, never locked: many people may share it.
    public static let address = ThrottlePolicy(
        free: 20,
        firstWait: 1000,
        longestWait: 900_000,
        ceiling: nil,
        forgivenEvery: 60_000
    )

    /// A policy of these figures; `free` is at least 1.
    public init(free: Int, firstWait: Int64, longestWait: Int64, ceiling: Int?, forgivenEvery: Int64?) {
        self.free = max(free, 1)
        self.firstWait = firstWait
        self.longestWait = longestWait
        self.ceiling = ceiling
        self.forgivenEvery = forgivenEvery
    }

    /// What counts of the failures by now.
    ///
    /// A last failure in the future (the clock was set back) counts as one of this moment, so nobody waits longer than the wait itself.
    public func remaining(_ failures: Failures, now: Int64) -> Failures {
        var failures = failures
        if failures.last > now { failures.last = now }
        guard let forgivenEvery, forgivenEvery > 0 else { return failures }
        let forgiven = (now - failures.last) / forgivenEvery
        failures.count = max(0, failures.count - Int(clamping: forgiven))
        return failures
    }

    /// The wait that the n-th failure in a row brings, in milliseconds; 0 for the free ones.
    public func wait(after count: Int) -> Int64 {
        guard count >= free else { return 0 }
        let doublings = count - free
        guard doublings < 62, firstWait <= longestWait >> Int64(doublings) else { return longestWait }
        return firstWait << Int64(doublings)
    }

    /// What the lane says now.
    public func answer(_ failures: Failures, now: Int64) -> Answer {
        let counted = remaining(failures, now: now)
        if let ceiling, counted.count >= ceiling { return .locked }
        let left = wait(after: counted.count) - (now - counted.last)
        return counted.count >= free && left > 0 ? .closed(milliseconds: left) : .open
    }
}
