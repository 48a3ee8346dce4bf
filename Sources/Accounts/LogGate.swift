internal import Kernel
internal import Synchronization

/// Lets so many lines a second through and counts the rest, so that a flood of tries cannot fill a disk with its log.
final class LogGate: Sendable {
    private struct State {
        var second: Int64 = 0
        var passed = 0
        var leftOut = 0
    }

    private let perSecond: Int
    // Protects the counts of the present second.
    private let state = Mutex(State())

    init(perSecond: Int) { self.perSecond = perSecond }

    /// Whether a line may be written now.
    ///
    /// - Returns: nil when it may not; else how many were left out since the last one.
    func pass(now: Int64 = Clocks.monotonicMilliseconds()) -> Int? {
        state.withLock { state in
            if now / 1000 != state.second {
                state.second = now / 1000
                state.passed = 0
            }
            guard state.passed < perSecond else {
                state.leftOut += 1
                return nil
            }
            state.passed += 1
            defer { state.leftOut = 0 }
            return state.leftOut
        }
    }
}
