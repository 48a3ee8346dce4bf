internal import Kernel

/// The waits between tries for a lock: 50 µs, then twice as long each time up to 2 ms, with jitter, never beyond the deadline.
///
/// Locks are held for tens of microseconds as a rule, so a short first wait nearly always does; jitter keeps many who wait from coming
/// back in step.
struct BackOff {
    private let deadline: LockDeadline
    private var nanoseconds: Int64 = 50_000

    init(until deadline: LockDeadline) { self.deadline = deadline }

    /// Waits; false when the deadline has passed, and then it does not wait.
    mutating func wait() -> Bool {
        let left = deadline.nanoseconds - Clocks.monotonicNanoseconds()
        guard left > 0 else { return false }
        Clocks.sleep(nanoseconds: min(left, Int64.random(in: nanoseconds / 2...nanoseconds)))
        nanoseconds = min(nanoseconds * 2, 2_000_000)
        return true
    }
}
