/// Failed tries in a row, as one lane of the throttle remembers them.
public struct Failures: Sendable, Hashable {
    /// How many; 0 when the last try succeeded.
    public var count: Int
    /// When the last one was, in milliseconds since 1970; 0 when there is none.
    public var last: Int64

    /// None.
    public static let none = Failures(count: 0, last: 0)

    /// So many, the last one then.
    public init(count: Int, last: Int64) {
        self.count = count
        self.last = last
    }
}
