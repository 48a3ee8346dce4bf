internal import Kernel

/// Until when to wait for a lock, on the clock that never goes back.
public struct LockDeadline: Sendable, Comparable {
    /// Nanoseconds of `Clocks.monotonicNanoseconds`.
    public let nanoseconds: Int64

    /// A point of the monotonic clock.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// So many milliseconds from now; 0 tries once.
    public static func milliseconds(_ milliseconds: Int64) -> LockDeadline {
        LockDeadline(nanoseconds: Clocks.monotonicNanoseconds() &+ milliseconds &* 1_000_000)
    }

    /// Earlier deadlines are less.
    public static func < (left: LockDeadline, right: LockDeadline) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
