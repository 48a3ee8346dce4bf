internal import Synchronization

/// Answers of threads, in the order in which they came.
final class ThreadResults: Sendable {
    // Protects the answers.
    private let answers = Mutex<[Bool]>([])

    func append(_ answer: Bool) { answers.withLock { $0.append(answer) } }

    var all: [Bool] { answers.withLock { $0 } }
}
