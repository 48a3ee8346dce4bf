/// The supervisor's view of one child, worker or service; what runs inside is none of its business.
public struct WorkerProcess: Sendable, Equatable {
    /// What it is told to be.
    public enum State: String, Sendable {
        /// Its start was asked for.
        case starting
        /// It runs.
        case running
        /// It was told to stop.
        case stopping
    }

    /// Its place in the pool.
    public let slot: WorkerPool.Slot
    /// Its process id; nil until it has started.
    public internal(set) var process: Int32?
    /// When it started, or when that was asked for.
    public internal(set) var started: Milliseconds
    /// How many reloads came before it.
    public internal(set) var generation: Int
    var leaving: Leaving?

    /// The part of a teardown that is still to come.
    struct Leaving: Sendable, Equatable {
        var rest: ArraySlice<TeardownStep>
        var until: Milliseconds
        var wasKilled = false
    }

    init(slot: WorkerPool.Slot, generation: Int, at now: Milliseconds) {
        self.slot = slot
        self.generation = generation
        started = now
    }

    /// What it is told to be.
    public var state: State { leaving != nil ? .stopping : process == nil ? .starting : .running }

    /// Whether it is a worker that is to go on serving.
    var counts: Bool { slot.isWorker && leaving == nil }

    /// Whether it has run for so long at least.
    func hasLived(_ span: Milliseconds, at now: Milliseconds) -> Bool {
        process != nil && now - started >= span
    }
}
