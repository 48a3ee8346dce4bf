extension FastCGIServer {
    /// The bounds of a server; the defaults suit one worker behind nginx.
    public struct Options: Sendable {
        /// Threads that serve, at least 1; a handler that blocks holds one of them, a silent connection none.
        public var threads = 4

        /// Bytes of a body that a handler is given; longer ones are answered 413.
        public var bodyLimit = 65_536

        /// Bytes of a body that are read to be able to answer 413 at all; beyond them the connection is closed.
        public var discardLimit = 16 << 20

        /// Bytes of all parameters of a request as they are on the wire, lengths included; more is answered 431.
        public var parameterBytes = 65_536

        /// Parameters of a request; more is answered 431.
        public var parameterCount = 200

        /// How long a request may take to arrive, from accept or from its first byte on a kept connection.
        public var requestTimeoutMilliseconds: Int64 = 10_000

        /// How long a kept connection may stay silent.
        public var idleTimeoutMilliseconds: Int64 = 60_000

        /// How long an answer may take to be taken, when the peer does not read.
        public var sendTimeoutMilliseconds: Int64 = 10_000

        /// How long requests that have arrived in part may go on arriving after ``FastCGIServer/stop()``.
        public var stopTimeoutMilliseconds: Int64 = 1_000

        /// Connections of this process; at the bound an idle one gives way, and without one the others stay in the listener's queue.
        ///
        /// Never more than the process may have open files, less 64 for the handlers'.
        public var maximumConnections = 4_096

        /// Who may connect, by the user id of the peer's process (`SO_PEERCRED`, unix(7)); nil is anybody.
        public var allowedUsers: Set<UInt32>?

        /// The defaults.
        public init() {}

        /// With values that nothing can be done with (no threads, no time, fewer than no bytes) raised to the least that works.
        var possible: Options {
            var options = self
            options.threads = max(1, threads)
            options.bodyLimit = max(0, bodyLimit)
            options.discardLimit = max(options.bodyLimit, discardLimit)
            options.parameterBytes = max(0, parameterBytes)
            options.parameterCount = max(0, parameterCount)
            options.requestTimeoutMilliseconds = max(1, requestTimeoutMilliseconds)
            options.idleTimeoutMilliseconds = max(1, idleTimeoutMilliseconds)
            options.sendTimeoutMilliseconds = max(1, sendTimeoutMilliseconds)
            options.stopTimeoutMilliseconds = max(0, stopTimeoutMilliseconds)
            options.maximumConnections = max(1, maximumConnections)
            return options
        }
    }
}
