/// A span, or a point on the clock that never goes back (`Clocks.monotonicMilliseconds`), in milliseconds.
public typealias Milliseconds = Int64
