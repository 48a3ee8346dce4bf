internal import Web

/// Instants and spans as people say them.
enum TimeWords {
    /// `just now`, `3 min ago`, `2 h ago`, `5 d ago`; instants to come are `in 29 min`.
    static func relative(_ time: Int64, to now: Int64) -> String {
        let span = now.subtractingReportingOverflow(time).partialValue
        if span >= 0 { return span < 10_000 ? "just now" : "\(length(span)) ago" }
        return "in \(length(span == .min ? .max : -span))"
    }

    /// The largest unit that fits: `45 s`, `3 min`, `2 h`, `5 d`.
    static func length(_ span: Int64) -> String {
        switch span {
        case ..<60_000: "\(span / 1000) s"
        case ..<3_600_000: "\(span / 60_000) min"
        case ..<172_800_000: "\(span / 3_600_000) h"
        default: "\(span / 86_400_000) d"
        }
    }

    /// ISO 8601 in UTC, for scripts.
    static func stamp(_ time: Int64) -> JSONText { .string(UnixTime(milliseconds: time).iso8601) }
}
