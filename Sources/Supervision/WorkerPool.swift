public import Kernel
public import Logging

/// The policy of a pool as a pure value: events in, actions out, no clock, no system call.
///
/// It keeps the wished number of workers and one child per service running, replaces at once what dies, holds crash loops back,
/// and stops in order. Whoever drives it performs the actions in their order, reports a start at once by `started` or
/// `notStarted`, and sends a `tick` at `nextTick`.
public struct WorkerPool: Sendable {
    /// A child's place: workers have numbers, of which the lowest free one is taken; services have names.
    public enum Slot: Hashable, Sendable, CustomStringConvertible {
        /// A worker's, from 0.
        case worker(Int)
        /// A service's, by its name.
        case service(String)

        /// Whether it is a worker's.
        public var isWorker: Bool { if case .worker = self { true } else { false } }

        /// `worker 3` or the service's name, for logs.
        public var description: String {
            switch self {
            case .worker(let number): "worker \(number)"
            case .service(let name): name
            }
        }
    }

    /// How to stop.
    public enum Stop: Int, Sendable {
        /// What is in hand is finished.
        case graceful
        /// At once.
        case quick
    }

    /// What happened.
    public enum Event: Sendable, Equatable {
        /// Nothing but time.
        case tick
        /// A start that was asked for has worked.
        case started(Slot, process: Int32)
        /// It has not; the code is what to end with if it never does.
        case notStarted(Slot, code: Int32, reason: String)
        /// A process has ended, ours or a stranger's.
        case exited(process: Int32, Processes.End)
        /// One worker more.
        case more
        /// One worker fewer; there is always one.
        case fewer
        /// So many workers; brought into `WorkerPoolOptions.workerRange`.
        case scale(to: Int)
        /// Every worker is to be replaced by a new one, which serves before an old one goes.
        case reload
        /// The end.
        case stop(Stop)
    }

    /// What to do.
    public enum Action: Sendable, Equatable {
        /// Start a child and report it.
        case spawn(Slot)
        /// Send a signal.
        case signal(process: Int32, Signals.Signal)
        /// Tell the log.
        case log(Logger.Level, String)
        /// The new workers of a reload do not start: take the program of before for those to come.
        case abandonReload
        /// All children are gone: end with this code.
        case exit(Int32)
    }

    /// The numbers that it goes by.
    public let options: WorkerPoolOptions
    /// How many workers it is to keep running.
    public internal(set) var target: Int
    var children: [Slot: WorkerProcess] = [:]
    var backOff = BackOff()
    var serviceBackOff: [String: BackOff] = [:]
    var provenServices: Set<String> = []
    /// Worker starts of the last window, oldest first.
    var recentStarts: [Milliseconds] = []
    var generation = 0
    var isReloading = false
    /// A worker has lived `settling`: the others may start.
    var isOpen = false
    /// A worker has lived `minimumLife`: "cannot start" is a failure like any other from now on.
    var isProven = false
    var stopping: Stop?
    var exitCode = Sysexit.stopped
    var hasExited = false
    var actions: [Action] = []

    /// A pool that starts its children at the first event.
    public init(_ options: WorkerPoolOptions) {
        self.options = options
        target = options.workers
    }

    /// All children, workers first, in the order of their slots.
    public var processes: [WorkerProcess] {
        children.values.sorted { left, right in
            switch (left.slot, right.slot) {
            case (.worker(let left), .worker(let right)): left < right
            case (.service(let left), .service(let right)): left < right
            default: left.slot.isWorker
            }
        }
    }

    /// Whether it was told to stop.
    public var isStopping: Bool { stopping != nil }

    /// Takes an event and says what to do.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: of a clock that never goes back.
    /// - Returns: what to do, in this order.
    public mutating func handle(_ event: Event, at now: Milliseconds) -> [Action] {
        guard !hasExited else { return [] }
        actions = []
        notice(now)
        switch event {
        case .tick: break
        case .started(let slot, let process): took(slot, process, at: now)
        case .notStarted(let slot, let code, let reason): failed(slot, code, reason, at: now)
        case .exited(let process, let end): ended(process, end, at: now)
        case .more: scale(to: target + 1)
        case .fewer: scale(to: target - 1)
        case .scale(let count): scale(to: count)
        case .reload: beginReload()
        case .stop(let stop): begin(stop, at: now)
        }
        advanceTeardowns(now)
        if stopping == nil {
            advanceServices(now)
            advanceWorkers(now)
        } else {
            advanceStop(now)
        }
        return actions
    }

    mutating func log(_ level: Logger.Level, _ text: String) { actions.append(.log(level, text)) }

    /// What follows from time alone.
    private mutating func notice(_ now: Milliseconds) {
        recentStarts.removeAll { now - $0 >= options.window }
        for child in children.values {
            switch child.slot {
            case .worker:
                isOpen = isOpen || child.hasLived(options.settling, at: now)
                isProven = isProven || child.hasLived(options.minimumLife, at: now)
                // One that began after the last failure and lived through a whole window: the trouble is over.
                if child.started >= backOff.lastFailure, child.hasLived(options.window, at: now) {
                    backOff.reset()
                }
            case .service(let name):
                if child.hasLived(options.minimumLife, at: now) { provenServices.insert(name) }
                if child.hasLived(options.window, at: now) { serviceBackOff[name]?.reset() }
            }
        }
    }

    private mutating func scale(to count: Int) {
        let range = WorkerPoolOptions.workerRange
        let wished = min(max(count, range.lowerBound), range.upperBound)
        if wished != count {
            log(
                .warning,
                "a pool has \(range.lowerBound) to \(range.upperBound) workers, \(count) is not possible"
            )
        }
        guard wished != target, stopping == nil else { return }
        log(.info, "workers: \(target) before, \(wished) from now on")
        target = wished
    }

    private mutating func took(_ slot: Slot, _ process: Int32, at now: Milliseconds) {
        guard var child = children[slot] else { return }
        child.process = process
        child.started = now
        children[slot] = child
        log(.debug, "\(slot) started, pid \(process)")
    }
}
