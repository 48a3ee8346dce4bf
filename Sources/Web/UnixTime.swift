/// A moment in time, counted in milliseconds from 1970-01-01T00:00:00Z without leap seconds.
///
/// Arithmetic ends at the bounds of `Int64` instead of trapping, so a wild number in a stored record or an
/// option means "very long ago" or "very far ahead".
public struct UnixTime: Sendable, Hashable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    public var milliseconds: Int64

    /// A moment from milliseconds since 1970, as JavaScript's `Date.now()` counts.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// A moment from seconds since 1970, as `time(2)` counts; beyond ±292 million years, the bound.
    public init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        milliseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// The moment so many milliseconds later, or earlier when the number is negative; stays at the bound.
    public func advanced(byMilliseconds interval: Int64) -> UnixTime {
        let (sum, overflow) = milliseconds.addingReportingOverflow(interval)
        return UnixTime(milliseconds: overflow ? (interval < 0 ? .min : .max) : sum)
    }

    /// Milliseconds from `earlier` to this moment: negative when `earlier` is later; stays at the bound.
    public func milliseconds(since earlier: UnixTime) -> Int64 {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return overflow ? (milliseconds < earlier.milliseconds ? .min : .max) : difference
    }
}

extension UnixTime: Comparable {
    /// Whether the left moment comes before the right one.
    public static func < (left: UnixTime, right: UnixTime) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension UnixTime: CustomStringConvertible {
    /// The same as ``iso8601``.
    public var description: String { iso8601 }
}
