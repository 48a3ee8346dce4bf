internal import AccountsClient
public import Kernel
public import Logging
internal import Synchronization

/// The accounts process's loop: takes questions from a unix socket and answers them.
///
/// One thread reads from all connections, so a peer that stalls costs a descriptor until its deadline; questions are answered by as many
/// threads as may hash at once. One question a connection.
public final class AccountsServer: Sendable {
    /// The server's bounds.
    public struct Options: Sendable {
        /// Hashes at the same time; as many as there are cores.
        public var hashesAtOnce = 2
        /// Questions that may wait for a hash; one more is told `busy` at once.
        public var waiting = 32
        /// Connections that are read from at the same time; one more is told `busy` at once.
        public var connections = 256
        /// How long a peer may take to send its question.
        public var readMilliseconds: Int64 = 2000
        /// A question that waited longer is told `busy` instead of being verified: nobody waits for it any more.
        public var patienceMilliseconds: Int64 = 4500
        /// The users whose processes may ask; root and our own always may.
        public var allowedUsers: Set<UInt32> = []

        /// The defaults.
        public init() {}
    }

    let check: LoginCheck
    let options: Options
    let logger: Logger
    private let stopping: EventDescriptor

    /// A server that is not running yet.
    public init(check: LoginCheck, options: Options = Options(), logger: Logger) throws(Errno) {
        self.check = check
        self.options = options
        self.logger = logger
        stopping = try EventDescriptor()
    }

    /// Makes the socket, 0600 or as given; a stale one that nobody listens on is replaced.
    ///
    /// - Parameters:
    ///   - path: at most 107 bytes, in a folder that only we can write to.
    ///   - mode: the socket's permissions.
    /// - Returns: the listener, non-blocking; for `run`.
    /// - Throws: EADDRINUSE when a process listens there.
    public static func listen(at path: String, mode: UInt32 = 0o600) throws(Errno) -> Descriptor {
        let listener: Descriptor
        do { listener = try Sockets.listen(unix: path) } catch .addressInUse {
            // The socket of a process that was killed refuses; one that is served does not.
            do throws(Errno) {
                _ = try Sockets.connect(unix: path, nonBlocking: true)
                throw Errno.addressInUse
            } catch .connectionRefused {
                try Files.unlink(path)
            } catch .wouldBlock {
                throw .addressInUse
            }
            listener = try Sockets.listen(unix: path)
        }
        try Files.changeMode(of: path, to: mode)
        return listener
    }

    /// Serves until `stop`: then takes no more connections, answers what it has read, and returns.
    ///
    /// - Parameter listener: a listening unix socket, non-blocking; it stays open.
    /// - Throws: when there are no threads or descriptors to begin with.
    public func run(listener: Int32) throws(Errno) {
        let hashing = try PasswordHashing(atOnce: options.hashesAtOnce, waiting: options.waiting)
        defer { hashing.finish() }
        let epoll = try Epoll()
        try Sockets.setNonBlocking(listener, true)
        try epoll.add(stopping.number, .readable, token: Token.stop)
        try epoll.add(listener, .readable, token: Token.listener)
        var connections = AccountsConnections(server: self, hashing: hashing)
        while true {
            let event = try epoll.wait(timeoutMilliseconds: connections.isEmpty ? 60_000 : 100)
            connections.closeLate(now: Clocks.monotonicMilliseconds())
            switch event?.token {
            case nil: continue
            case Token.stop: return
            case Token.listener:
                do { try connections.accept(from: listener, epoll) } catch {
                    // Out of descriptors or memory: the listener stays readable, so wait instead of spinning.
                    logger.error("cannot accept", metadata: ["why": "\(error)"])
                    Clocks.sleep(nanoseconds: 50_000_000)
                }
            case .some(let token): connections.read(token, epoll)
            }
        }
    }

    /// Makes `run` return; may be called from any thread, also before it.
    public func stop() { stopping.signal() }

    enum Token {
        static let stop: UInt64 = 0
        static let listener: UInt64 = 1
        static let firstConnection: UInt64 = 2
    }
}
