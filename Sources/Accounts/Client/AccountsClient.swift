internal import Kernel

/// A worker's side of the question "is this the password of this name?".
///
/// Any thread may ask; each question is a connection of its own. Asking blocks the thread for as long as a password hash takes
/// (tens of milliseconds), longer when logins queue, and never longer than the given time.
public struct AccountsClient: Sendable {
    /// The most bytes of a password; a longer one is rejected without asking.
    public static let maximumPasswordBytes = AccountsWireFormat.maximumPasswordBytes

    // A few hashes long, so that a handful of sign-ins at once is served, and short for whoever waits behind one that hangs.
    private static let patienceNanoseconds: Int64 = 100_000_000

    /// Where the accounts process listens.
    public let socketPath: String
    private let timeoutMilliseconds: Int64
    private let atOnce: Int
    // How many threads are asking.
    private let asking = Monitor<Int>(0)

    /// Describes whom to ask; nothing is opened before the first question.
    ///
    /// - Parameters:
    ///   - socketPath: a unix socket, at most 107 bytes.
    ///   - timeoutMilliseconds: how long one question may take in all.
    ///   - atOnce: how many threads may ask at the same time; one more waits a tenth of a second, and is then told `busy`. Fewer than the process's threads
    ///     keeps some free for other requests in a flood of logins.
    public init(socketPath: String, timeoutMilliseconds: Int64 = 5000, atOnce: Int = Int.max) {
        self.socketPath = socketPath
        self.timeoutMilliseconds = timeoutMilliseconds
        self.atOnce = atOnce
    }

    /// Asks whether the password is the name's.
    ///
    /// - Parameters:
    ///   - name: as typed, any bytes; over 1,024 is rejected without asking.
    ///   - password: as typed, any bytes; over `maximumPasswordBytes` is rejected without asking. The caller's copy is the caller's to
    ///     wipe (`Memory.wipe`); ours are wiped before this returns.
    ///   - address: the client's address as nginx spells it (`REMOTE_ADDR`); empty or `unix:` when there is none.
    ///   - knownDevice: whether the browser proved that this very name signed in from it before. Such a device is counted by itself, so
    ///     it gets in while strangers' tries have the account or the address held.
    /// - Returns: what the process found; see `Verification`.
    /// - Throws: when nothing is known about the password; answer 503.
    public func verify(
        name: [UInt8],
        password: [UInt8],
        address: String,
        knownDevice: Bool = false
    ) throws(AccountsError) -> Verification {
        let address = Array(address.utf8)
        guard name.count <= AccountsWireFormat.maximumNameBytes,
            password.count <= AccountsWireFormat.maximumPasswordBytes
        else { return .rejected }
        let question = AccountsQuestion.verify(
            LoginAttempt(
                name: name,
                password: password,
                address: address.count <= AccountsWireFormat.maximumAddressBytes ? address : [],
                knownDevice: knownDevice
            )
        )
        let patience = Clocks.monotonicNanoseconds() + AccountsClient.patienceNanoseconds
        let hasLane: Bool? = asking.wait(until: patience) { asking in
            guard asking < atOnce else { return nil }
            asking += 1
            return true
        }
        guard hasLane == true else { return .busy(retryAfterSeconds: 1) }
        defer { asking.change { $0 -= 1 } }
        guard var frame = try? AccountsWireFormat.frame(question) else { return .rejected }
        defer { Memory.wipe(&frame) }
        switch try ask(frame) {
        case .verification(let verification): return verification
        case .unavailable(let reason): throw error(.refused(reason))
        }
    }

    /// Asks whether the password is the name's; the name's UTF-8 is what counts.
    public func verify(
        name: String,
        password: [UInt8],
        address: String,
        knownDevice: Bool = false
    ) throws(AccountsError) -> Verification {
        try verify(name: Array(name.utf8), password: password, address: address, knownDevice: knownDevice)
    }

    private func ask(_ frame: [UInt8]) throws(AccountsError) -> AccountsAnswer {
        let deadline = Clocks.monotonicMilliseconds() + timeoutMilliseconds
        let socket: Descriptor
        do {
            // Non-blocking, so that a full backlog is told at once instead of holding the thread.
            socket = try Sockets.connect(unix: socketPath, nonBlocking: true)
        } catch .wouldBlock {
            return .verification(.busy(retryAfterSeconds: 1))
        } catch {
            throw self.error(.notRunning(error))
        }
        do {
            try Sockets.setNonBlocking(socket.number, false)
            try setTimeouts(socket.number, deadline)
            try Sockets.sendAll(socket.number, frame)
        } catch .wouldBlock {
            throw self.error(.noAnswer(milliseconds: timeoutMilliseconds))
        } catch .brokenPipe {
            // The process may have answered (busy, or another version) and closed before it read everything; look.
        } catch {
            throw self.error(.broken(error))
        }
        return try receive(socket.number, deadline)
    }

    private func receive(_ socket: Int32, _ deadline: Int64) throws(AccountsError) -> AccountsAnswer {
        var buffer = [UInt8](
            repeating: 0,
            count: AccountsWireFormat.headerBytes + AccountsWireFormat.maximumPayloadBytes
        )
        var filled = 0
        while true {
            do throws(Errno) {
                try setTimeouts(socket, deadline)
                guard let count = try Sockets.receive(socket, into: &buffer, from: filled) else {
                    throw Errno.wouldBlock
                }
                if count == 0 { throw Errno.connectionReset }
                filled += count
            } catch .wouldBlock {
                throw error(.noAnswer(milliseconds: timeoutMilliseconds))
            } catch .connectionReset {
                throw error(.closed)
            } catch {
                throw self.error(.broken(error))
            }
            do {
                guard let whole = try AccountsWireFormat.frameBytes(buffer[..<filled]), filled >= whole else {
                    continue
                }
                return try AccountsWireFormat.answer(Array(buffer[..<filled]))
            } catch {
                throw self.error(.unreadableAnswer)
            }
        }
    }

    private func setTimeouts(_ socket: Int32, _ deadline: Int64) throws(Errno) {
        let left = deadline - Clocks.monotonicMilliseconds()
        // 0 would mean "no bound" to the kernel.
        guard left > 0 else { throw .wouldBlock }
        try Sockets.setTimeouts(socket, receiveMilliseconds: left, sendMilliseconds: left)
    }

    private func error(_ reason: AccountsError.Reason) -> AccountsError {
        AccountsError(socketPath: socketPath, reason: reason)
    }
}
