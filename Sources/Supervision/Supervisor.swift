public import Kernel
public import Logging

/// The thin part of supervision: waits for a signal, takes what ended, asks the pool, and does what it says.
///
/// Everything runs on the thread that calls `run`, and it must be the main one: children are killed by the kernel when the thread
/// that started them ends, so they never outlive a supervisor that died.
public struct Supervisor: ~Copyable {
    /// What a reload's reading of the configuration came to.
    public enum ReloadAnswer: Sendable {
        /// Go on with these workers, and so many of them; nil leaves their number as it is.
        case use(Program, workers: Int? = nil)
        /// It does not check; everything stays as it is.
        case refused(String)
    }

    /// The signals that it lives by; blocked by `blockSignals`.
    public static let signals: Set<Signals.Signal> = [
        .terminate, .quit, .interrupt, .hangup, .moreWorkers, .fewerWorkers, .child, .inputOutput,
    ]

    private var pool: WorkerPool
    private var worker: Program
    private var workerBefore: Program
    private let services: [String: Program]
    private let control: ControlSocket?
    private let reload: () -> ReloadAnswer
    private let logger: Logger
    private let begun = Clocks.monotonicMilliseconds()

    /// A supervisor that has started nothing yet.
    ///
    /// - Parameters:
    ///   - pool: the policy.
    ///   - worker: what workers run.
    ///   - services: what the services of the pool's options run, by their names.
    ///   - control: where the operator's command asks and tells; nil is nowhere.
    ///   - logger: for everything that the pool says.
    ///   - reload: asked on HUP; by default the same program is started anew.
    public init(
        _ pool: WorkerPool,
        worker: Program,
        services: [String: Program] = [:],
        control: consuming ControlSocket? = nil,
        logger: Logger,
        reload: (() -> ReloadAnswer)? = nil
    ) {
        self.pool = pool
        self.worker = worker
        workerBefore = worker
        self.services = services
        self.control = control
        self.logger = logger
        self.reload = reload ?? { .use(worker) }
    }

    /// Blocks the signals that `run` waits for, and ignores SIGPIPE; call it first in `main`, before any thread starts.
    public static func blockSignals() throws(Errno) {
        try Signals.block(signals)
        try Signals.ignore(.pipe)
    }

    /// Starts the children and keeps them until it is told to stop.
    ///
    /// - Returns: the code to end with.
    public mutating func run() throws(Errno) -> Int32 {
        defer { control?.removeName() }
        if let code = tell(.tick) { return code }
        while true {
            // A minute at most: a clock that stood still while the machine slept must not be trusted for longer.
            let wait = min(max((pool.nextTick ?? .max) - Clocks.monotonicMilliseconds(), 0), 60_000)
            let signal = try Signals.wait(for: Self.signals, timeoutMilliseconds: wait)
            if let signal, let code = take(signal) { return code }
            if let code = reapAll() ?? serveControl() ?? tell(.tick) { return code }
        }
    }

    private mutating func take(_ signal: Signals.Signal) -> Int32? {
        switch signal {
        case .terminate, .quit: tell(.stop(.graceful))
        case .interrupt: tell(.stop(.quick))
        case .moreWorkers: tell(.more)
        case .fewerWorkers: tell(.fewer)
        case .hangup: reloadWorkers()
        default: nil
        }
    }

    private mutating func reloadWorkers() -> Int32? {
        guard !pool.isStopping else { return nil }
        switch reload() {
        case .use(let program, let workers):
            workerBefore = worker
            worker = program
            if let workers, let code = tell(.scale(to: workers)) { return code }
            return tell(.reload)
        case .refused(let reason):
            logger.error("reload refused, the workers of before go on: \(reason)")
            return nil
        }
    }

    /// One SIGCHLD may stand for many ends, so all are taken.
    private mutating func reapAll() -> Int32? {
        while true {
            do throws(Errno) {
                guard let (process, end) = try Processes.reap(wait: false) else { return nil }
                if let code = tell(.exited(process: process, end)) { return code }
            } catch {
                if error != .noChild { logger.error("waitpid: \(error)") }
                return nil
            }
        }
    }

    private mutating func tell(_ event: WorkerPool.Event) -> Int32? {
        var events = [event]
        while !events.isEmpty {
            for action in pool.handle(events.removeFirst(), at: Clocks.monotonicMilliseconds()) {
                switch action {
                case .spawn(let slot): events.append(start(slot))
                case .signal(let process, let signal):
                    // Until it is reaped the number cannot be anybody else's.
                    do throws(Errno) { try Processes.signal(process, signal) } catch {
                        logger.error("signal \(signal.rawValue) to \(process): \(error)")
                    }
                case .log(let level, let text): logger.log(level: level, "\(text)")
                case .abandonReload: worker = workerBefore
                case .exit(let code): return code
                }
            }
        }
        return nil
    }

    private func start(_ slot: WorkerPool.Slot) -> WorkerPool.Event {
        let program: Program
        switch slot {
        case .worker: program = worker
        case .service(let name):
            guard let known = services[name] else {
                return .notStarted(slot, code: Sysexit.software, reason: "no program is known for it")
            }
            program = known
        }
        do throws(Errno) {
            let process = try Processes.spawn(
                program.path,
                arguments: [program.path] + program.arguments,
                environment: program.environment,
                descriptors: [program.input, 2, 2],
                directory: program.directory,
                diesWithParent: true,
                newSession: true
            )
            return .started(slot, process: process)
        } catch {
            let isWrongFile = [.noSuchFile, .accessDenied, .notDirectory, .isDirectory].contains(error)
            let code = isWrongFile ? Sysexit.configuration : Sysexit.system
            return .notStarted(slot, code: code, reason: "\(program.path): \(error)")
        }
    }

    private mutating func serveControl() -> Int32? {
        var code: Int32?
        while code == nil, let connection = control?.accept() {
            switch ControlCommand(connection.request) {
            case .status: connection.answer("ok\n" + status())
            case .scale(let count):
                code = tell(.scale(to: count))
                connection.answer("ok\nworkers=\(pool.target)\n")
            case .restart:
                code = reloadWorkers()
                connection.answer("ok\n")
            case nil: connection.answer("error unknown command\n")
            }
        }
        return code
    }

    private func status() -> String {
        let now = Clocks.monotonicMilliseconds()
        let serving = pool.processes.filter { $0.slot.isWorker && $0.state == .running }.count
        var text = "pool\tpid=\(Processes.id)\tup=\(now - begun)\tworkers=\(serving)\ttarget=\(pool.target)\n"
        for child in pool.processes {
            let (kind, name): (String, String) =
                switch child.slot {
                case .worker(let number): ("worker", "\(number)")
                case .service(let name): ("service", name)
                }
            text += "\(kind)\tname=\(name)\tpid=\(child.process ?? 0)\tstate=\(child.state)"
            text += "\tup=\(now - child.started)\n"
        }
        return text
    }
}
