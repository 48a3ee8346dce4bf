public import Kernel

/// One step of making a child stop: a signal, and how long it may take before the next step.
///
/// After the last step the child is killed, and it is waited for as long as that takes.
public struct TeardownStep: Sendable, Equatable {
    /// What to send.
    public let signal: Signals.Signal
    /// How long to wait for the child's end.
    public let patience: Milliseconds

    /// A step.
    public init(_ signal: Signals.Signal, waiting patience: Milliseconds) {
        self.signal = signal
        self.patience = patience
    }
}

/// How a child is made to stop, as data.
public struct Teardown: Sendable, Equatable {
    /// When work in hand is to be finished: on TERM and QUIT, on a reload, and for one worker fewer.
    public var graceful: [TeardownStep]
    /// When it is to be over soon: on INT.
    public var quick: [TeardownStep]

    /// Two ways to stop.
    public init(graceful: [TeardownStep], quick: [TeardownStep]) {
        self.graceful = graceful
        self.quick = quick
    }

    /// TERM and so much time for what is in hand; quickly, INT and one second.
    public static func worker(grace: Milliseconds) -> Teardown {
        Teardown(
            graceful: [TeardownStep(.terminate, waiting: grace)],
            quick: [TeardownStep(.interrupt, waiting: 1000)]
        )
    }
}
