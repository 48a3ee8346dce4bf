internal import Kernel
public import Sessions

/// What another process does to a store in a check; the author of a store puts it into a small program.
public enum SessionStoreExercise {
    /// Does what the arguments say.
    ///
    /// `increment ID TIMES THREADS` adds one to the number of `SessionStoreSample.record`, so often in each of so many threads; `hold ID`
    /// takes the session's lease and keeps it until the process is killed.
    ///
    /// - Returns: the exit code: 0, 1 for a failure of the store, 64 for arguments that make no sense.
    public static func perform(_ arguments: [String], on store: any SessionStore) -> Int32 {
        guard arguments.count >= 2 else { return 64 }
        let key = SessionStoreSample.key(arguments[1], for: store)
        switch arguments[0] {
        case "increment":
            guard arguments.count == 4, let times = Int(arguments[2]), let threads = Int(arguments[3]) else {
                return 64
            }
            return increment(key, times: times, threads: threads, on: store) ? 0 : 1
        case "hold":
            guard let lease = try? store.lease(key, until: .milliseconds(5_000)) else { return 1 }
            while true {
                Clocks.sleep(nanoseconds: 1_000_000_000)
                extendLifetime(lease)
            }
        default: return 64
        }
    }

    static func increment(_ key: SessionStoreKey, times: Int, threads: Int, on store: any SessionStore)
        -> Bool
    {
        onThreads(threads) { _ in
            for _ in 0..<times {
                let outcome = try? store.update(key, holding: nil, until: .milliseconds(30_000)) { record in
                    SessionStoreSample.increment(&record)
                    return .store
                }
                if outcome != .stored { return false }
            }
            return true
        }
        .allSatisfy { $0 }
    }

    /// Runs a closure on so many threads at once, and gathers what they say.
    static func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Bool) -> [Bool] {
        let results = ThreadResults()
        let threads = (0..<count).compactMap { index in
            try? BlockingThread(name: "store-\(index)") { results.append(body(index)) }
        }
        for thread in threads { thread.join() }
        return results.all
    }
}
