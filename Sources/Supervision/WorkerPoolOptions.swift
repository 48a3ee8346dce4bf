/// The numbers of a pool's policy.
public struct WorkerPoolOptions: Sendable {
    /// How many workers a pool may have.
    public static let workerRange = 1...64

    /// Workers to keep running; brought into `workerRange`.
    public var workers: Int
    /// How a worker is stopped.
    public var teardown: Teardown
    /// The other children.
    public var services: [Service]

    /// Who lives shorter than this has failed to start.
    ///
    /// The default is one second.
    public var minimumLife: Milliseconds = 1000
    /// Who has lived as long as this is taken to serve: the first worker of a pool, the new one of a reload.
    ///
    /// The default is 100 ms, ten times what a worker needs to start.
    public var settling: Milliseconds = 100
    /// The wait after the first failed start; it doubles with each further one.
    public var firstDelay: Milliseconds = 100
    /// The longest wait between starts that fail.
    public var longestDelay: Milliseconds = 30_000
    /// How many starts a crash loop gets within `window`.
    public var startsInWindow = 10
    /// The span that `startsInWindow` counts in.
    public var window: Milliseconds = 10_000
    /// Exit codes of a worker that mean "cannot start".
    public var cannotStart: Set<Int32> = [Sysexit.usage, Sysexit.configuration]

    /// Options with the standard policy.
    ///
    /// - Parameters:
    ///   - workers: how many to keep running.
    ///   - grace: how long a worker may take to finish what it has in hand. The default is 10 s; more delays a stop while
    ///     requests hang, less cuts off slow ones.
    ///   - services: the other children.
    public init(workers: Int, grace: Milliseconds = 10_000, services: [Service] = []) {
        self.workers = min(max(workers, Self.workerRange.lowerBound), Self.workerRange.upperBound)
        self.services = services
        teardown = .worker(grace: grace)
    }
}
