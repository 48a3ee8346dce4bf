internal import Kernel
public import Logging
internal import Synchronization
public import Web

/// Serves FastCGI requests from a listening socket with a fixed number of threads.
///
/// Any thread serves any connection, and a connection that is silent, slow or kept holds none. Every byte passes a gate of our own
/// before libfcgi reads it. A server serves once: after ``stop()`` make another.
public final class FastCGIServer: Sendable {
    let options: Options
    let logger: Logger
    let listener: Int32
    let isUnix: Bool
    let maximumConnections: Int

    /// The listener, the waiting connections and ``wake``: what the threads wait for.
    let epoll: Epoll
    /// ``wake`` and ``finished``: what ``run(_:)`` itself waits for.
    let clock: Epoll
    let wake: EventDescriptor
    let finished: EventDescriptor

    // Protects the waiting connections; shutdown(2) is the one system call under it, and that does not wait.
    let table = Mutex<ConnectionTable>(ConnectionTable())
    let tallies = Tallies()
    let isStopping = Atomic<Bool>(false)
    // Protects whether epoll knows the listener; the one call under it is epoll_ctl(2).
    let listening = Mutex<Bool>(false)
    let isPaused = Atomic<Bool>(true)
    let liveThreads = Atomic<Int>(0)
    private let hasRun = Atomic<Bool>(false)

    /// Makes ready to serve; nothing is accepted before ``run(_:)``.
    ///
    /// SIGPIPE is ignored from now on, for the whole process. Serving threads have the signal mask of the thread that calls ``run(_:)``: block
    /// what shall not interrupt them.
    ///
    /// - Parameters:
    ///   - listener: a listening socket; becomes non-blocking, and stays the caller's to close.
    ///   - options: the bounds.
    ///   - logger: told what is refused (the 1st, 2nd, 4th, 8th … of each kind) and what goes wrong.
    /// - Throws: where the listener is none, or cannot do what the options ask.
    public init(listener: Int32, options: Options = Options(), logger: Logger) throws(FastCGIError) {
        guard Sockets.isListening(listener) else { throw .notListening(descriptor: listener) }
        self.options = options.possible
        self.logger = logger
        self.listener = listener
        do throws(Errno) {
            isUnix = try Sockets.isUnix(listener)
            try Sockets.setNonBlocking(listener, true)
            let files = try Processes.openFileLimit()
            maximumConnections = max(1, min(options.maximumConnections, files - 64))
            epoll = try Epoll()
            clock = try Epoll()
            wake = try EventDescriptor()
            finished = try EventDescriptor()
            try epoll.add(wake.number, .readable, token: Token.wake)
            try clock.add(wake.number, .readable, token: Token.wake)
            try clock.add(finished.number, .readable, token: Token.finished)
        } catch {
            throw .system("preparing to serve", error)
        }
        guard isUnix || options.allowedUsers == nil else { throw .peersUnknown }
        guard FastCGIConnection.isSetUp else { throw .library }
        do throws(Errno) { try Signals.ignore(.pipe) } catch { throw .system("ignoring SIGPIPE", error) }
    }

    /// Serves until ``stop()``, and returns when every thread has ended; a second call returns at once.
    ///
    /// - Parameter handler: called on several threads at once. What it throws is answered by `Response(_:)` and logged by the
    ///   name of its type.
    public func run(_ handler: @escaping Handler) {
        guard !hasRun.exchange(true, ordering: .sequentiallyConsistent) else { return }
        resumeAccepting()
        liveThreads.store(options.threads, ordering: .sequentiallyConsistent)
        var threads: [BlockingThread] = []
        for number in 1...options.threads {
            do throws(Errno) {
                threads.append(
                    try BlockingThread(name: "fastcgi-\(number)") { [self] in
                        ServingThread(self, handler).run()
                        threadEnded()
                    }
                )
            } catch {
                logger.error("a thread could not be started", metadata: ["errno": "\(error)"])
                threadEnded()
            }
        }
        keepTime()
        for thread in threads { thread.join() }
        // Only where no thread could be started at all is there anything left.
        for connection in table.withLock({ $0.removeAll() }) { close(connection) }
    }

    /// Ends the serving: what has arrived is answered, the rest is closed at once.
    ///
    /// From any thread, any number of times, also before ``run(_:)``. A request that has arrived in part may go on arriving for
    /// ``Options/stopTimeoutMilliseconds``.
    public func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wake.signal()
    }

    /// What has been done so far.
    public var counters: Counters { tallies.snapshot(waiting: table.withLock { $0.count }) }

    /// The tokens of epoll that are no connection's.
    enum Token {
        static let listener = UInt64.max
        static let wake = UInt64.max - 1
        static let finished = UInt64.max - 2
    }

    private func threadEnded() {
        if liveThreads.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { finished.signal() }
    }
}
