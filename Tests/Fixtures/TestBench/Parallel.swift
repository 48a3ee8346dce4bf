internal import Kernel
internal import Synchronization

/// Work on several threads of its own at once.
public enum Parallel {
    /// Runs a body on so many threads, and waits for all.
    ///
    /// - Parameters:
    ///   - count: the threads.
    ///   - body: gets the number of its thread, from 0.
    /// - Returns: what the bodies returned, in the order of their numbers.
    /// - Throws: the first error.
    @discardableResult
    public static func run<Value: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) throws -> Value
    ) throws -> [Value] {
        let results = Results<Value>()
        let threads = try (0..<count).map { number in
            try BlockingThread(name: "parallel-\(number)") {
                let result = Result { try body(number) }
                results.values.withLock { $0.append((number, result)) }
            }
        }
        for thread in threads { thread.join() }
        return try results.values.withLock { $0 }.sorted { $0.0 < $1.0 }.map { try $0.1.get() }
    }

    private final class Results<Value: Sendable>: Sendable {
        let values = Mutex<[(Int, Result<Value, any Error>)]>([])
    }
}
