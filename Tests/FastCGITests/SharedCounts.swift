import Synchronization

/// Numbers that several threads count up.
final class SharedCounts: Sendable {
    private let counts: Mutex<[Int]>

    init(_ count: Int) { counts = Mutex(.init(repeating: 0, count: count)) }

    func add(_ index: Int) { counts.withLock { $0[index] += 1 } }

    var all: [Int] { counts.withLock { $0 } }
}
