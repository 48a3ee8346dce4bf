internal import Glibc

/// The kernel's clocks; read only at the edges of the program, everything else is given the time.
public enum Clocks {
    /// Milliseconds since 1970-01-01T00:00:00Z; may be set back or forth.
    public static func wallMilliseconds() -> Int64 { read(CLOCK_REALTIME, unit: 1_000_000) }

    /// Nanoseconds since some fixed point; never goes back, stands still while the machine sleeps.
    public static func monotonicNanoseconds() -> Int64 { read(CLOCK_MONOTONIC, unit: 1) }

    /// Milliseconds since the same point.
    public static func monotonicMilliseconds() -> Int64 { monotonicNanoseconds() / 1_000_000 }

    /// Gives the processor away for a while; a signal ends the wait early.
    public static func sleep(nanoseconds: Int64) {
        guard nanoseconds > 0 else { return }
        var span = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
        // Safe because the pointer lives for the call.
        unsafe _ = nanosleep(&span, nil)
    }

    private static func read(_ clock: clockid_t, unit: Int64) -> Int64 {
        var now = timespec()
        // Cannot fail for these two clocks (clock_gettime(2)); safe because the pointer lives for the call.
        unsafe _ = clock_gettime(clock, &now)
        return (Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)) / unit
    }
}
