internal import Kernel
internal import Logging
internal import Synchronization
internal import Web

/// One thread of a server, with the buffers that it uses again for every request.
final class ServingThread {
    let server: FastCGIServer
    let handler: Handler
    let library = FastCGIConnection()
    let limits: RecordGate.Limits
    var gate: ParameterGate
    var parameters = RequestParameters()
    var output: [UInt8] = []
    var input: [UInt8]
    /// Where validated records lie that libfcgi cannot read from the connection; made when first needed.
    var memory: Int32?

    /// Requests in the form of nginx that fit in here take the short way.
    static let inputBytes = 32 << 10

    init(_ server: FastCGIServer, _ handler: @escaping Handler) {
        self.server = server
        self.handler = handler
        let options = server.options
        limits = RecordGate.Limits(
            parameterBytes: options.parameterBytes,
            bodyLimit: options.bodyLimit,
            discardLimit: options.discardLimit
        )
        gate = ParameterGate(limit: options.parameterCount)
        input = [UInt8](repeating: 0, count: ServingThread.inputBytes)
        output.reserveCapacity(4_096)
    }

    deinit {
        if let memory { _ = Descriptor(owning: memory) }
    }

    /// Serves until the server stops and nothing waits any more.
    func run() {
        while true {
            let isStopping = server.isStopping.load(ordering: .sequentiallyConsistent)
            if isStopping, server.table.withLock({ $0.count }) == 0 { return }
            do throws(Errno) {
                guard let event = try server.epoll.wait(timeoutMilliseconds: isStopping ? 10 : -1) else {
                    continue
                }
                switch event.token {
                case FastCGIServer.Token.listener: accept()
                case FastCGIServer.Token.wake:
                    // It stays readable to wake every thread; meanwhile the last waiting connections come to their end.
                    if isStopping { Clocks.sleep(nanoseconds: 1_000_000) }
                default:
                    if let connection = server.table.withLock({ $0.claim(event.token) }) { serve(connection) }
                }
            } catch {
                server.logger.error("waiting failed", metadata: ["errno": "\(error)"])
                Clocks.sleep(nanoseconds: 100_000_000)
            }
        }
    }

    /// Takes what waits at the listener, serves the first and leaves the others to whoever is free.
    func accept() {
        // Step 2 of 12: accept.
        var first: Connection?
        for _ in 0...server.options.threads {
            switch take() {
            case .nothing:
                if let first { serve(first) }
                return
            case .refused: continue
            case .connection(let connection):
                if first == nil { first = connection } else { park(connection) }
            }
        }
        // As many as there are threads to serve them; the rest may go to another process, but has to be told of again.
        server.pokeListener()
        if let first { serve(first) }
    }

    private enum Accepted {
        case nothing, refused
        case connection(Connection)
    }

    private func take() -> Accepted {
        if !server.hasRoom, !server.table.withLock({ $0.endOldestIdle() }) {
            server.pauseAccepting()
            return .nothing
        }
        let descriptor: Int32
        do throws(Errno) {
            guard let accepted = try Sockets.accept(server.listener, nonBlocking: false) else {
                return .nothing
            }
            descriptor = accepted.release()
        } catch {
            // Without descriptors or memory the next try would fail as well: wait until something has been closed.
            server.logger.warning("accepting pauses", metadata: ["errno": "\(error)"])
            _ = server.table.withLock { $0.endOldestIdle() }
            server.pauseAccepting()
            return .nothing
        }
        server.tallies.accepted.add(1, ordering: .relaxed)
        server.tallies.connections.add(1, ordering: .relaxed)
        let deadline = Clocks.monotonicMilliseconds() + server.options.requestTimeoutMilliseconds
        let connection = Connection(descriptor: descriptor, deadline: deadline)
        do throws(Errno) {
            if let allowed = server.options.allowedUsers {
                let peer = try Sockets.peerCredentials(descriptor)
                guard allowed.contains(peer.user) else {
                    server.refuse(.peer, "user \(peer.user), process \(peer.process)")
                    server.close(connection)
                    return .refused
                }
            }
            try Sockets.setSendTimeout(descriptor, milliseconds: server.options.sendTimeoutMilliseconds)
            if !server.isUnix { try Sockets.setNoDelay(descriptor) }
        } catch {
            server.logger.warning("a connection could not be set up", metadata: ["errno": "\(error)"])
            server.close(connection)
            return .refused
        }
        return .connection(connection)
    }

    /// Gives a connection back to epoll until more comes.
    func park(_ connection: Connection) {
        var connection = connection
        let isRegistered = connection.isRegistered
        connection.isRegistered = true
        let descriptor = connection.descriptor
        // In the table first: the event may come before the next line runs. Nobody else closes the descriptor before it comes.
        let token = server.table.withLock { $0.park(connection) }
        let interest: Epoll.Interest = [.readable, .peerClosed, .oneShot]
        do throws(Errno) {
            if isRegistered {
                try server.epoll.modify(descriptor, interest, token: token)
            } else {
                try server.epoll.add(descriptor, interest, token: token)
            }
        } catch {
            server.logger.warning("a connection cannot be waited for", metadata: ["errno": "\(error)"])
            if let connection = server.table.withLock({ $0.claim(token) }) { server.close(connection) }
        }
    }
}
