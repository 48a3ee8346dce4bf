internal import Kernel

/// The web server's end of a FastCGI connection: sends what it is given, and reads answers strictly.
public struct ClientConnection: ~Copyable, Sendable {
    private let socket: Descriptor
    private var buffer: [UInt8] = []

    /// Takes over a connected stream socket.
    public init(owning number: Int32, timeoutMilliseconds: Int64 = 10_000) throws(ClientError) {
        socket = Descriptor(owning: number)
        let taken = socket.number
        try ClientConnection.system { () throws(Errno) in
            try Sockets.setTimeouts(
                taken,
                receiveMilliseconds: timeoutMilliseconds,
                sendMilliseconds: timeoutMilliseconds
            )
        }
    }

    /// Connects to a unix socket.
    public init(unix path: String, timeoutMilliseconds: Int64 = 10_000) throws(ClientError) {
        let number: Int32
        do throws(Errno) { number = try Sockets.connect(unix: path).release() } catch { throw .system(error) }
        try self.init(owning: number, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// The socket's number; still this connection's.
    public var number: Int32 { socket.number }

    /// Sends bytes.
    public borrowing func send(_ bytes: [UInt8]) throws(ClientError) {
        let number = socket.number
        try ClientConnection.system { () throws(Errno) in try Sockets.sendAll(number, bytes) }
    }

    /// Says that nothing more will be sent.
    public borrowing func endSending() throws(ClientError) {
        let number = socket.number
        try ClientConnection.system { () throws(Errno) in try Sockets.shutdownSending(number) }
    }

    /// Reads one answer up to END_REQUEST, as strictly as ``ClientAnswer/read(_:requestID:)``.
    public mutating func readAnswer(requestID: UInt16 = 1) throws(ClientError) -> ClientAnswer {
        while true {
            if let (answer, taken) = try ClientAnswer.read(buffer, requestID: requestID) {
                buffer.removeFirst(taken)
                return answer
            }
            try fill()
        }
    }

    /// Sends bytes and reads one answer.
    public mutating func exchange(_ bytes: [UInt8], requestID: UInt16 = 1) throws(ClientError) -> ClientAnswer
    {
        try send(bytes)
        return try readAnswer(requestID: requestID)
    }

    /// Reads until the peer closes; what it had sent before.
    public mutating func readToEnd() throws(ClientError) -> [UInt8] {
        do throws(ClientError) {
            while true { try fill() }
        } catch .closed {
            defer { buffer = [] }
            return buffer
        } catch .system(.connectionReset) {
            defer { buffer = [] }
            return buffer
        }
    }

    private mutating func fill() throws(ClientError) {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let number = socket.number
        var outcome: Result<Int?, Errno> = .success(nil)
        // Safe because recv(2) writes into the array's own memory and no further.
        unsafe chunk.withUnsafeMutableBytes { bytes in
            do throws(Errno) {
                outcome = .success(unsafe try Sockets.receive(number, into: bytes))
            } catch {
                outcome = .failure(error)
            }
        }
        switch outcome {
        case .success(nil): throw .timedOut
        case .success(0): throw .closed(afterBytes: buffer.count)
        case .success(let count?): buffer += chunk.prefix(count)
        case .failure(let error): throw .system(error)
        }
    }

    private static func system(_ body: () throws(Errno) -> Void) throws(ClientError) {
        do throws(Errno) { try body() } catch { throw .system(error) }
    }
}
