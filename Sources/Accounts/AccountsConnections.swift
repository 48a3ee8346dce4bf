internal import AccountsClient
internal import Kernel
internal import Logging
internal import Synchronization

/// The connections that a server reads a question from; owned by its reading thread.
struct AccountsConnections: ~Copyable {
    /// A connected peer; the last holder closes it.
    final class Peer: Sendable {
        let socket: Descriptor
        init(_ socket: consuming Descriptor) { self.socket = socket }

        /// Sends an answer as far as the socket takes it: a frame of at most 300 bytes always fits an empty buffer.
        func answer(_ answer: AccountsAnswer) {
            // A peer that has gone does not hear it; there is nobody to tell.
            try? Sockets.sendAll(socket.number, AccountsWireFormat.frame(answer))
        }

        /// Whether the peer has closed its side; it does not wait for an answer then.
        var isGone: Bool {
            var byte: [UInt8] = [0]
            do { return try Sockets.peek(socket.number, into: &byte) == 0 } catch { return true }
        }
    }

    private struct Reading {
        let peer: Peer
        var bytes: [UInt8]
        var filled = 0
        let deadline: Int64
    }

    private let server: AccountsServer
    private let hashing: PasswordHashing
    private var reading: [UInt64: Reading] = [:]
    private var next = AccountsServer.Token.firstConnection

    init(server: AccountsServer, hashing: PasswordHashing) {
        self.server = server
        self.hashing = hashing
    }

    var isEmpty: Bool { reading.isEmpty }

    /// Takes what waits on the listener, a batch at a time.
    mutating func accept(from listener: Int32, _ epoll: borrowing Epoll) throws(Errno) {
        for _ in 0..<16 {
            guard let socket = try Sockets.accept(listener, nonBlocking: true) else { return }
            let credentials = try Sockets.peerCredentials(socket.number)
            guard
                credentials.user == 0 || credentials.user == Processes.user
                    || server.options.allowedUsers.contains(credentials.user)
            else {
                server.logger.warning("peer not allowed", metadata: ["uid": "\(credentials.user)"])
                continue
            }
            let peer = Peer(socket)
            guard reading.count < server.options.connections else {
                peer.answer(.verification(.busy(retryAfterSeconds: 1)))
                continue
            }
            try epoll.add(peer.socket.number, [.readable, .oneShot], token: next)
            reading[next] = Reading(
                peer: peer,
                bytes: [UInt8](
                    repeating: 0,
                    count: AccountsWireFormat.headerBytes + AccountsWireFormat.maximumPayloadBytes
                ),
                deadline: Clocks.monotonicMilliseconds() + server.options.readMilliseconds
            )
            next += 1
        }
    }

    /// Reads what a connection has; a question that is whole is handed on, and what cannot become one is closed.
    mutating func read(_ token: UInt64, _ epoll: borrowing Epoll) {
        guard var connection = reading.removeValue(forKey: token) else { return }
        do {
            let number = connection.peer.socket.number
            guard let count = try Sockets.receive(number, into: &connection.bytes, from: connection.filled)
            else {
                // Told once only, so that a peer that hangs up while its question is answered does not wake us.
                try epoll.modify(number, [.readable, .oneShot], token: token)
                reading[token] = connection
                return
            }
            connection.filled += count
            guard count > 0 else { return Memory.wipe(&connection.bytes) }
            let filled = connection.bytes[..<connection.filled]
            guard let whole = try AccountsWireFormat.frameBytes(filled), filled.count >= whole else {
                try epoll.modify(number, [.readable, .oneShot], token: token)
                reading[token] = connection
                return
            }
            var frame = Array(filled)
            defer { Memory.wipe(&frame) }
            Memory.wipe(&connection.bytes)
            switch try AccountsWireFormat.question(frame) {
            case .verify(let attempt): ask(attempt, connection.peer)
            }
        } catch {
            Memory.wipe(&connection.bytes)
            server.logger.warning("question refused", metadata: ["why": "\(error)"])
        }
    }

    /// Closes the connections that took too long.
    mutating func closeLate(now: Int64) {
        for (token, connection) in reading where connection.deadline <= now {
            var bytes = connection.bytes
            reading[token] = nil
            Memory.wipe(&bytes)
            server.logger.warning("question not whole in time", metadata: ["bytes": "\(connection.filled)"])
        }
    }

    private func ask(_ attempt: LoginAttempt, _ peer: Peer) {
        let check = server.check
        if let answer = check.answerAtOnce(attempt) {
            var attempt = attempt
            Memory.wipe(&attempt.password)
            return peer.answer(answer)
        }
        let deadline = Clocks.monotonicMilliseconds() + server.options.patienceMilliseconds
        // Protects the try between its turns; only one thread has it at a time.
        let box = AttemptBox(attempt)
        let isTaken = hashing.submit {
            box.attempt.withLock { attempt in
                guard !peer.isGone, Clocks.monotonicMilliseconds() < deadline else {
                    Memory.wipe(&attempt.password)
                    peer.answer(.verification(.busy(retryAfterSeconds: 1)))
                    return .done
                }
                return check.run(&attempt) { peer.answer($0) } ? .done : .later
            }
        }
        guard !isTaken else { return }
        box.attempt.withLock { Memory.wipe(&$0.password) }
        server.logger.notice("login busy", metadata: check.metadata(attempt, nil, "queue-full"))
        peer.answer(.verification(.busy(retryAfterSeconds: 1)))
    }

    private final class AttemptBox: Sendable {
        let attempt: Mutex<LoginAttempt>
        init(_ attempt: LoginAttempt) { self.attempt = Mutex(attempt) }
    }
}
