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

    /// What a connection has sent so far; wiped when it goes.
    private final class Reading {
        let peer: Peer
        let deadline: Int64
        private(set) var filled = 0
        private var bytes = [UInt8](
            repeating: 0,
            count: AccountsWireFormat.headerBytes + AccountsWireFormat.maximumPayloadBytes
        )

        init(_ peer: Peer, deadline: Int64) {
            self.peer = peer
            self.deadline = deadline
        }

        deinit { Memory.wipe(&bytes) }

        /// Reads what is there.
        ///
        /// - Returns: false when the peer has closed.
        func receive() throws(Errno) -> Bool {
            guard let count = try Sockets.receive(peer.socket.number, into: &bytes, from: filled) else {
                return true
            }
            filled += count
            return count > 0
        }

        /// The frame, once it is whole; the caller wipes it.
        func frame() throws(AccountsWireFormat.Malformed) -> [UInt8]? {
            guard let whole = try AccountsWireFormat.frameBytes(bytes[..<filled]), filled >= whole else {
                return nil
            }
            return Array(bytes[..<filled])
        }
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
            let deadline = Clocks.monotonicMilliseconds() + server.options.readMilliseconds
            reading[next] = Reading(peer, deadline: deadline)
            next += 1
        }
    }

    /// Reads what a connection has; a question that is whole is handed on, and what cannot become one is closed.
    mutating func read(_ token: UInt64, _ epoll: borrowing Epoll) {
        guard let connection = reading.removeValue(forKey: token) else { return }
        do {
            guard try connection.receive() else { return }
            guard var frame = try connection.frame() else {
                // Told once only, so that a peer that hangs up while its question is answered does not wake us.
                try epoll.modify(connection.peer.socket.number, [.readable, .oneShot], token: token)
                reading[token] = connection
                return
            }
            defer { Memory.wipe(&frame) }
            ask(try Self.held(AccountsWireFormat.question(frame)), connection.peer)
        } catch {
            server.logger.warning("question refused", metadata: ["why": "\(error)"])
        }
    }

    /// Closes the connections that took too long.
    mutating func closeLate(now: Int64) {
        for (token, connection) in reading where connection.deadline <= now {
            reading[token] = nil
            server.logger.warning("question not whole in time", metadata: ["bytes": "\(connection.filled)"])
        }
    }

    private static func held(_ question: consuming AccountsQuestion) -> HeldAttempt {
        switch consume question {
        case .verify(let attempt): HeldAttempt(attempt)
        }
    }

    private func ask(_ held: HeldAttempt, _ peer: Peer) {
        let check = server.check
        let answer = held.attempt.withLock { attempt in
            let answer = check.answerAtOnce(attempt)
            if answer != nil { Memory.wipe(&attempt.password) }
            return answer
        }
        if let answer { return peer.answer(answer) }
        let deadline = Clocks.monotonicMilliseconds() + server.options.patienceMilliseconds
        let isTaken = hashing.submit {
            held.attempt.withLock { attempt in
                guard !peer.isGone, Clocks.monotonicMilliseconds() < deadline else {
                    Memory.wipe(&attempt.password)
                    peer.answer(.verification(.busy(retryAfterSeconds: 1)))
                    return .done
                }
                return check.run(&attempt) { peer.answer($0) } ? .done : .later
            }
        }
        guard !isTaken else { return }
        held.attempt.withLock { attempt in
            Memory.wipe(&attempt.password)
            check.logRefusal("login busy", attempt, "queue-full")
        }
        peer.answer(.verification(.busy(retryAfterSeconds: 1)))
    }

    /// The one place of a try between its turns, so that wiping its password leaves no other copy.
    private final class HeldAttempt: Sendable {
        // Protects the try; only one thread has it at a time, so nobody waits.
        let attempt: Mutex<LoginAttempt>
        init(_ attempt: consuming LoginAttempt) { self.attempt = Mutex(attempt) }
    }
}
