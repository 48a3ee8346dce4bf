/// A supervised child that is not a worker, of which there is one: the accounts process, or the private nginx of `latchkey dev`.
public struct Service: Sendable, Equatable {
    /// Its name in logs and in the status.
    public let name: String
    /// How it is stopped.
    public var teardown: Teardown
    /// Whether it stops only after the last worker: workers that finish a request may still need it.
    public var outlivesWorkers: Bool
    /// Exit codes that mean "cannot start", and the code that the supervisor then ends with.
    public var cannotStart: [Int32: Int32]

    /// A service.
    public init(
        _ name: String,
        teardown: Teardown,
        outlivesWorkers: Bool,
        cannotStart: [Int32: Int32] = [
            Sysexit.usage: Sysexit.usage, Sysexit.configuration: Sysexit.configuration,
        ]
    ) {
        self.name = name
        self.teardown = teardown
        self.outlivesWorkers = outlivesWorkers
        self.cannotStart = cannotStart
    }
}
