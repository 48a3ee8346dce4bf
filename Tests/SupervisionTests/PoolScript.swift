import Kernel
import Supervision

/// Plays a pool without processes: starts succeed and get the next number, and what the pool does is written down in words.
struct PoolScript {
    private(set) var pool: WorkerPool
    private(set) var now: Milliseconds = 1_000_000
    /// Running children by their process numbers.
    private(set) var running: [Int32: WorkerPool.Slot] = [:]
    /// When workers were started.
    private(set) var workerStarts: [Milliseconds] = []
    private(set) var exitCode: Int32?
    private(set) var messages: [String] = []
    private var nextProcess: Int32 = 101

    init(_ options: WorkerPoolOptions) { pool = WorkerPool(options) }

    /// Sends an event and gives back what was done, logs left out: `start worker 0`, `TERM 101`, `exit 0`.
    @discardableResult
    mutating func send(_ event: WorkerPool.Event) -> [String] {
        var done: [String] = []
        var events = [event]
        while !events.isEmpty {
            for action in pool.handle(events.removeFirst(), at: now) {
                switch action {
                case .spawn(let slot):
                    done.append("start \(slot)")
                    if slot.isWorker { workerStarts.append(now) }
                    running[nextProcess] = slot
                    events.append(.started(slot, process: nextProcess))
                    nextProcess += 1
                case .signal(let process, let signal): done.append("\(Self.name(signal)) \(process)")
                case .log(_, let text): messages.append(text)
                case .abandonReload: done.append("abandon reload")
                case .exit(let code):
                    exitCode = code
                    done.append("exit \(code)")
                }
            }
        }
        return done
    }

    /// Lets a child end.
    @discardableResult
    mutating func end(_ process: Int32, _ end: Processes.End) -> [String] {
        running[process] = nil
        return send(.exited(process: process, end))
    }

    /// Lets time pass, with a tick whenever the pool asked for one.
    @discardableResult
    mutating func pass(_ span: Milliseconds) -> [String] {
        let end = now + span
        var done: [String] = []
        while let next = pool.nextTick, next <= end {
            now = max(now, next)
            let before = pool.nextTick
            let step = send(.tick)
            done += step
            // A tick that does nothing and asks for itself again would spin.
            if step.isEmpty, pool.nextTick == before { break }
        }
        now = end
        return done + send(.tick)
    }

    /// Lets time pass until something is so, at most a minute; how long it took.
    mutating func pass(until condition: (PoolScript) -> Bool) -> Milliseconds {
        let begun = now
        while !condition(self), now - begun < 60_000 { pass(50) }
        return now - begun
    }

    /// The processes of the running workers, in the order of their starts.
    var workers: [Int32] { running.filter { $0.value.isWorker }.keys.sorted() }

    private static func name(_ signal: Signals.Signal) -> String {
        switch signal {
        case .terminate: "TERM"
        case .interrupt: "INT"
        case .quit: "QUIT"
        case .kill: "KILL"
        default: "\(signal.rawValue)"
        }
    }
}

extension Processes.End {
    static let killed = Processes.End.signalled(9)
    static let crashed = Processes.End.signalled(11)
}

extension Service {
    static let accounts = Service("accounts", teardown: .worker(grace: 2000), outlivesWorkers: true)
    static let nginx = Service(
        "nginx",
        teardown: Teardown(
            graceful: [TeardownStep(.quit, waiting: 2000), TeardownStep(.terminate, waiting: 1000)],
            quick: [TeardownStep(.terminate, waiting: 1000)]
        ),
        outlivesWorkers: false,
        cannotStart: [1: 78]
    )
}
