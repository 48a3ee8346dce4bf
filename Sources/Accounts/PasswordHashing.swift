internal import Kernel

/// The queue in front of the hashes: so many at once, so many waiting, and no more.
///
/// Memory is bounded by `atOnce` times a hash's memory, and the wait of the last in the queue by `waiting / atOnce` hashes.
final class PasswordHashing: Sendable {
    /// What a job says when it has run.
    enum Turn: Sendable {
        /// It is over.
        case done
        /// It depends on another job that runs now; run it again when any job is done.
        case later
    }

    private struct Job: Sendable {
        let run: @Sendable () -> Turn
    }

    private struct State: Sendable {
        var ready: [Job] = []
        var later: [Job] = []
        var ended = 0
        var isClosed = false
    }

    private let state = Monitor(State())
    private let waiting: Int
    private let threads: [BlockingThread]

    /// Starts the threads.
    init(atOnce: Int, waiting: Int) throws(Errno) {
        self.waiting = waiting
        var threads: [BlockingThread] = []
        for number in 1...max(atOnce, 1) {
            threads.append(try BlockingThread(name: "hash-\(number)") { [state] in Self.work(state) })
        }
        self.threads = threads
    }

    /// Puts a job at the end of the queue.
    ///
    /// - Returns: false, at once, when the queue is full or closed; the job will not run.
    func submit(_ job: @escaping @Sendable () -> Turn) -> Bool {
        state.change { state in
            guard !state.isClosed, state.ready.count + state.later.count < waiting else { return false }
            state.ready.append(Job(run: job))
            return true
        }
    }

    /// Takes no more jobs, runs those that wait, and returns when the last is done; call it once.
    func finish() {
        state.change { $0.isClosed = true }
        for thread in threads { thread.join() }
    }

    private static func work(_ state: Monitor<State>) {
        while true {
            let next = state.wait { state -> (job: Job?, ended: Int)? in
                if !state.ready.isEmpty { return (state.ready.removeFirst(), state.ended) }
                return state.isClosed && state.later.isEmpty ? (nil, 0) : nil
            }
            guard let next, let job = next.job else { return }
            let turn = job.run()
            state.change { state in
                switch turn {
                case .done:
                    state.ended += 1
                    state.ready = state.later + state.ready
                    state.later = []
                case .later:
                    // What it depends on may have ended since it asked; then nobody would wake it.
                    if state.ended == next.ended { state.later.append(job) } else { state.ready.append(job) }
                }
            }
        }
    }
}
