internal import CKernel
internal import Glibc

/// System calls on stream sockets.
public enum Sockets {
    /// The process at the other end of a unix socket when it connected, `SO_PEERCRED` (unix(7)).
    public struct PeerCredentials: Sendable, Equatable {
        /// Process id; 0 when it lives in another pid namespace.
        public let process: Int32
        /// User id.
        public let user: UInt32
        /// Group id.
        public let group: UInt32
    }

    /// Binds and listens on a path, close-on-exec and non-blocking; an existing name is EADDRINUSE.
    ///
    /// The socket's permissions come from the umask; set them with `Files.changeMode(of:to:)` or by a closed folder.
    ///
    /// - Parameters:
    ///   - path: at most 107 bytes (unix(7)).
    ///   - backlog: connections that may wait; the kernel caps it at `net.core.somaxconn`.
    /// - Returns: the socket; its name in the file system is the caller's to remove.
    /// - Throws: the errno of bind(2) or listen(2), ENAMETOOLONG for a path that is empty or too long.
    public static func listen(unix path: String, backlog: Int32 = 4096) throws(Errno) -> Descriptor {
        // Safe because the pointer lives for the call and the length is its own.
        Descriptor(
            owning: try Files.withName(path, .listen) { unsafe ck_unix_listen($0, path.utf8.count, backlog) }
        )
    }

    /// Connects to a listening path; the socket is close-on-exec.
    public static func connect(unix path: String, nonBlocking: Bool = false) throws(Errno) -> Descriptor {
        // Safe because the pointer lives for the call and the length is its own.
        Descriptor(
            owning: try Files.withName(path, .connect) {
                unsafe ck_unix_connect($0, path.utf8.count, nonBlocking ? 1 : 0)
            }
        )
    }

    /// Listens on 127.0.0.1, port 0 for any free one.
    ///
    /// - Returns: the listener's number (non-blocking; the caller owns it) and the port.
    public static func listen(loopbackPort port: UInt16, backlog: Int32 = 128) throws(Errno) -> (
        listener: Int32, port: UInt16
    ) {
        var bound: UInt16 = 0
        // Safe because the pointer lives for the call.
        let number = try call(.listen) { unsafe ck_tcp_loopback_listen(port, backlog, &bound) }
        return (number, bound)
    }

    /// Connects to a port of 127.0.0.1.
    public static func connect(loopbackPort port: UInt16) throws(Errno) -> Descriptor {
        Descriptor(owning: try call(.connect) { ck_tcp_loopback_connect(port) })
    }

    /// Takes one waiting connection, close-on-exec.
    ///
    /// - Returns: the connection, or nil when none waits (the listener is non-blocking) or it went away meanwhile.
    public static func accept(_ listener: Int32, nonBlocking: Bool) throws(Errno) -> Descriptor? {
        do {
            let flags = Int32(SOCK_CLOEXEC.rawValue) | (nonBlocking ? Int32(SOCK_NONBLOCK.rawValue) : 0)
            return Descriptor(owning: try call(.accept) { ck_accept4(listener, flags) })
        } catch .wouldBlock {
            return nil
        } catch .connectionAborted {
            return nil
        }
    }

    /// Who is at the other end.
    public static func peerCredentials(_ socket: Int32) throws(Errno) -> PeerCredentials {
        var (process, user, group): (Int32, UInt32, UInt32) = (0, 0, 0)
        // Safe because the pointers live for the call.
        _ = try call(.socketOption) { unsafe ck_peer_credentials(socket, &process, &user, &group) }
        return PeerCredentials(process: process, user: user, group: group)
    }

    /// Bounds each blocking receive and send; 0 is no bound.
    ///
    /// A receive or send that takes longer is EAGAIN.
    public static func setTimeouts(
        _ socket: Int32,
        receiveMilliseconds: Int64,
        sendMilliseconds: Int64
    ) throws(Errno) {
        _ = try call(.socketOption) { ck_socket_timeouts(socket, receiveMilliseconds, sendMilliseconds) }
    }

    /// Whether the descriptor is a socket that listens.
    public static func isListening(_ descriptor: Int32) -> Bool {
        ((try? call(.socketOption) { ck_is_listening_socket(descriptor) }) ?? 0) == 1
    }

    /// Sets or clears O_NONBLOCK.
    public static func setNonBlocking(_ descriptor: Int32, _ on: Bool) throws(Errno) {
        _ = try call(.socketOption) { ck_set_nonblocking(descriptor, on ? 1 : 0) }
    }

    /// Sets or clears close-on-exec.
    public static func setCloseOnExec(_ descriptor: Int32, _ on: Bool) throws(Errno) {
        _ = try call(.socketOption) { ck_set_cloexec(descriptor, on ? 1 : 0) }
    }

    /// Receives what is there.
    ///
    /// - Parameters:
    ///   - socket: a stream socket.
    ///   - buffer: where to put it.
    ///   - peek: leaves the bytes in the socket, `MSG_PEEK`.
    ///   - wait: false never blocks, `MSG_DONTWAIT`.
    /// - Returns: the number of bytes, 0 when the peer has closed, nil when nothing is there yet.
    /// - Throws: the errno of recv(2).
    public static func receive(
        _ socket: Int32,
        into buffer: UnsafeMutableRawBufferPointer,
        peek: Bool = false,
        wait: Bool = true
    ) throws(Errno) -> Int? {
        let flags = (peek ? Int32(0x2) : 0) | (wait ? 0 : Int32(0x40))
        do {
            // Safe because the buffer bounds what recv(2) writes.
            return try call(.receive) { unsafe recv(socket, buffer.baseAddress, buffer.count, flags) }
        } catch .wouldBlock {
            return nil
        }
    }

    /// Sends every byte; a peer that is gone is EPIPE, never a signal.
    public static func sendAll(_ socket: Int32, _ bytes: UnsafeRawBufferPointer) throws(Errno) {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            // Safe because the buffer bounds what send(2) reads.
            let sent = try call(.send) { unsafe send(socket, rest.baseAddress, rest.count, Int32(0x4000)) }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[sent...])
        }
    }

    /// Sends every byte of an array; a peer that is gone is EPIPE, never a signal.
    public static func sendAll(_ socket: Int32, _ bytes: [UInt8]) throws(Errno) {
        try Files.withBytes(bytes) { (all) throws(Errno) in unsafe try sendAll(socket, all) }
    }

    /// Says that nothing more will be sent.
    public static func shutdownSending(_ socket: Int32) throws(Errno) {
        _ = try call(.other) { shutdown(socket, Int32(1)) }
    }

    /// Two connected unix stream sockets, close-on-exec; the caller owns both.
    public static func pair() throws(Errno) -> (Int32, Int32) {
        var numbers: [Int32] = [-1, -1]
        // Safe because the array has the two elements that socketpair(2) writes.
        _ = try call(.other) {
            unsafe numbers.withUnsafeMutableBufferPointer {
                unsafe socketpair(
                    AF_UNIX,
                    Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue),
                    0,
                    $0.baseAddress
                )
            }
        }
        return (numbers[0], numbers[1])
    }
}
