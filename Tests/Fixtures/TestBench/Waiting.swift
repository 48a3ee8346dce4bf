internal import Kernel

/// Waiting for a condition, never for a time.
public enum Waiting {
    /// Asks again and again until the answer is there.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error.
    ///   - seconds: the longest wait.
    ///   - condition: asked every few milliseconds; nil is "not yet".
    /// - Returns: the answer.
    /// - Throws: what the condition throws, or a ``BenchError`` when the time is over.
    public static func value<Value>(
        _ what: String,
        upTo seconds: Double = 10,
        _ condition: () throws -> Value?
    ) throws -> Value {
        let deadline = Clocks.monotonicNanoseconds() + Int64(seconds * 1e9)
        while true {
            if let value = try condition() { return value }
            guard Clocks.monotonicNanoseconds() < deadline else {
                throw BenchError("waited \(seconds) s in vain for \(what)")
            }
            Clocks.sleep(nanoseconds: 2_000_000)
        }
    }

    /// Asks again and again until it is so.
    public static func until(_ what: String, upTo seconds: Double = 10, _ condition: () throws -> Bool) throws
    {
        try value(what, upTo: seconds) { try condition() ? () : nil }
    }

    /// Milliseconds that something takes.
    public static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = Clocks.monotonicNanoseconds()
        try body()
        return Double(Clocks.monotonicNanoseconds() - start) / 1e6
    }
}
