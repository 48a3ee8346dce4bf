internal import Kernel

/// Sends mutated streams to a worker, one connection each, and looks after every thousand whether it still serves.
public struct MutationRun: Sendable {
    /// What happened.
    public struct Totals: Sendable, Equatable {
        /// Streams that were sent.
        public var streams = 0
        /// Streams that got an answer of any status.
        public var answered = 0
        /// Streams whose connection was closed without a byte.
        public var closed = 0
        /// Right requests in between, all answered with the status wanted.
        public var sound = 0
    }

    private let path: String
    private let seed: UInt64
    private let status: Int

    /// A run against the worker at a unix socket, where `GET /` has to be answered with `status`.
    public init(path: String, seed: UInt64, status: Int = 200) {
        self.path = path
        self.seed = seed
        self.status = status
    }

    /// Sends `count` streams.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - progress: called after every thousand.
    /// - Returns: what happened.
    /// - Throws: when the worker does not accept, keeps a connection that has ended, answers what is no answer, or no longer
    ///   answers a right request.
    public func run(_ count: Int, progress: (Totals) -> Void = { _ in }) throws(ClientError) -> Totals {
        var mutator = StreamMutator(seed: seed)
        var totals = Totals()
        while totals.streams < count {
            var connection = try ClientConnection(unix: path)
            // A worker that refuses early closes while this is sending.
            do throws(ClientError) {
                try connection.send(mutator.next())
                try connection.endSending()
            } catch .system(.brokenPipe) {} catch .system(.connectionReset) {} catch { throw error }
            totals.streams += 1
            try MutationRun.check(try connection.readToEnd(), &totals)
            if totals.streams % 1_000 == 0 {
                try checkSound()
                totals.sound += 1
                progress(totals)
            }
        }
        try checkSound()
        totals.sound += 1
        return totals
    }

    /// Everything that comes back is whole answers, one behind the other.
    private static func check(_ bytes: [UInt8], _ totals: inout Totals) throws(ClientError) {
        var rest = bytes
        while !rest.isEmpty {
            guard let (_, taken) = try ClientAnswer.read(rest, requestID: nil) else {
                throw .malformed("half an answer")
            }
            rest.removeFirst(taken)
        }
        if bytes.isEmpty { totals.closed += 1 } else { totals.answered += 1 }
    }

    private func checkSound() throws(ClientError) {
        var connection = try ClientConnection(unix: path)
        let answer = try connection.exchange(ClientRecords.request())
        guard answer.status == status else { throw .malformed("status \(answer.status) for a right request") }
    }
}
