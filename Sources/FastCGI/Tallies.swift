internal import Synchronization

/// What a server counts; every thread adds to it.
struct Tallies: ~Copyable {
    let accepted = Atomic<Int>(0)
    let requests = Atomic<Int>(0)
    let lostAnswers = Atomic<Int>(0)
    let connections = Atomic<Int>(0)
    let active = Atomic<Int>(0)

    // Protects the counts by reason; refusals are rare, and nothing but arithmetic happens under it.
    private let refused = Mutex<[FastCGIServer.Refusal: Int]>([:])

    /// Counts one more, and says how many there are now.
    borrowing func refuse(_ reason: FastCGIServer.Refusal) -> Int {
        refused.withLock {
            $0[reason, default: 0] += 1
            return $0[reason, default: 0]
        }
    }

    borrowing func snapshot(waiting: Int) -> FastCGIServer.Counters {
        var counters = FastCGIServer.Counters()
        counters.accepted = accepted.load(ordering: .relaxed)
        counters.requests = requests.load(ordering: .relaxed)
        counters.lostAnswers = lostAnswers.load(ordering: .relaxed)
        counters.connections = connections.load(ordering: .relaxed)
        counters.active = active.load(ordering: .relaxed)
        counters.refused = refused.withLock { $0 }
        counters.waiting = waiting
        return counters
    }
}
