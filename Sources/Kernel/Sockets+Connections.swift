internal import CKernel
internal import Glibc

extension Sockets {
    /// Which directions of a connection end.
    public enum Direction: Sendable {
        /// Nothing more is taken from the peer; what has arrived can still be read, and answers still go out.
        ///
        /// On a unix socket the peer's next write fails (EPIPE); TCP goes on taking bytes (shutdown(2)).
        case reading
        /// Both directions.
        case both
    }

    /// Ends one direction or both without closing, shutdown(2); whoever waits for the socket wakes.
    public static func end(_ socket: Int32, _ direction: Direction) throws(Errno) {
        let how: Int32 = direction == .reading ? 0 : 2
        _ = try call(.other) { shutdown(socket, how) }
    }

    /// Whether a socket is of the unix family, whose peers can be asked for by ``peerCredentials(_:)``.
    public static func isUnix(_ socket: Int32) throws(Errno) -> Bool {
        try option(socket, SO_DOMAIN) == AF_UNIX
    }

    /// Bounds each blocking send; one that takes longer is EAGAIN, or short where a part has gone.
    public static func setSendTimeout(_ socket: Int32, milliseconds: Int64) throws(Errno) {
        var limit = timeval(tv_sec: Int(milliseconds / 1000), tv_usec: Int(milliseconds % 1000) * 1000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        // Safe because the pointer lives for the call and the size is its own.
        _ = try call(.socketOption) { unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size) }
    }

    /// Sends small TCP segments at once, TCP_NODELAY (tcp(7)).
    public static func setNoDelay(_ socket: Int32) throws(Errno) {
        var on: Int32 = 1
        // Safe because the pointer lives for the call and the size is its own.
        _ = try call(.socketOption) {
            unsafe setsockopt(
                socket,
                Int32(IPPROTO_TCP),
                TCP_NODELAY,
                &on,
                socklen_t(MemoryLayout<Int32>.size)
            )
        }
    }

    private static func option(_ socket: Int32, _ name: Int32) throws(Errno) -> Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        // Safe because both pointers live for the call and the size is the value's.
        _ = try call(.socketOption) { unsafe getsockopt(socket, SOL_SOCKET, name, &value, &size) }
        return value
    }
}
