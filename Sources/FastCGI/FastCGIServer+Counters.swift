extension FastCGIServer {
    /// What a server has done so far, and what it is doing; each number is exact, but they are not of one instant.
    public struct Counters: Sendable, Equatable {
        /// Connections taken from the listener.
        public var accepted = 0
        /// Requests that a handler was called for.
        public var requests = 0
        /// What was not served, by reason; reasons that did not occur are absent.
        public var refused: [Refusal: Int] = [:]
        /// Answers that the peer did not take: it had gone, or did not read in time.
        public var lostAnswers = 0
        /// Connections that are open now.
        public var connections = 0
        /// Of them, those that wait for a request or the rest of one, and hold no thread.
        public var waiting = 0
        /// Threads that are in a handler now.
        public var active = 0
    }
}
