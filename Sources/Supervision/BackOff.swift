import Kernel

/// What is known of failed starts, and when the next one is allowed; a value without a clock.
struct BackOff: Sendable {
    /// Failures in a row; 0 means that nothing is held back.
    private(set) var failures = 0
    /// When the last one was.
    private(set) var lastFailure: Milliseconds = 0
    /// No start before this.
    private(set) var notBefore: Milliseconds = 0
    private var quickKills = 0

    /// Takes the end of a child that was not asked to stop.
    ///
    /// Of children that were started together only the first to fail counts. A kill from outside is not the child's failure, so a
    /// pool under `kill -9` is refilled at once; five of children younger than 50 ms in a row are, or memory too short for a
    /// single start would become a spin.
    ///
    /// - Returns: whether it was a failed start.
    mutating func record(
        _ end: Processes.End,
        started: Milliseconds,
        at now: Milliseconds,
        _ options: WorkerPoolOptions
    ) -> Bool {
        let life = now - started
        if end == .signalled(Signals.Signal.kill.rawValue) {
            quickKills = life < 50 ? quickKills + 1 : 0
            if quickKills < 5 { return false }
        } else {
            quickKills = 0
            if life >= options.minimumLife { return false }
        }
        if failures > 0 && started < lastFailure { return true }
        fail(at: now, options)
        return true
    }

    /// Counts a start that failed.
    mutating func fail(at now: Milliseconds, _ options: WorkerPoolOptions) {
        failures += 1
        lastFailure = now
        notBefore = now + delay(options)
    }

    /// Forgets the failures.
    mutating func reset() {
        failures = 0
        notBefore = 0
        quickKills = 0
    }

    /// The wait after so many failures.
    func delay(_ options: WorkerPoolOptions) -> Milliseconds {
        guard failures > 0 else { return 0 }
        // 2^20 times the first delay is beyond any longest one; more would overflow in the end.
        let doubled = options.firstDelay.multipliedReportingOverflow(by: 1 << min(Int64(failures) - 1, 20))
        return doubled.overflow ? options.longestDelay : min(doubled.partialValue, options.longestDelay)
    }
}
