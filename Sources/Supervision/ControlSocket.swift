public import Kernel

/// The supervisor's ear: a unix socket for one question and one answer, served between two signals.
///
/// A connection that waits raises SIGIO, so that one `sigtimedwait` hears everything and the supervisor needs no second thread.
/// Only root and the supervisor's own user are answered.
public struct ControlSocket: ~Copyable {
    /// A question that was read, and the way to answer it.
    public struct Connection: ~Copyable {
        /// The line, without its end; empty when it did not come in time.
        public let request: String
        private let socket: Descriptor

        init(_ request: String, _ socket: consuming Descriptor) {
            self.request = request
            self.socket = socket
        }

        /// Sends the answer and closes; a peer that is gone does not matter.
        public consuming func answer(_ text: String) {
            try? Sockets.sendAll(socket.number, Array(text.utf8))
        }
    }

    /// The longest line that is read.
    static let longestLine = 256
    private let listener: ListeningSocket

    /// Takes over a listening socket.
    public init(_ listener: consuming ListeningSocket) throws(Errno) {
        try Sockets.raiseSignal(whenReadable: listener.number)
        self.listener = listener
    }

    /// The next waiting question of somebody who may ask; nil when nobody waits.
    public borrowing func accept() -> Connection? {
        while true {
            guard let socket = try? Sockets.accept(listener.number, nonBlocking: false) else { return nil }
            guard let peer = try? Sockets.peerCredentials(socket.number),
                peer.user == 0 || peer.user == Processes.user
            else { continue }
            // The peer sends its line at once; one that does not must not keep the supervisor from its children.
            guard
                (try? Sockets.setTimeouts(socket.number, receiveMilliseconds: 200, sendMilliseconds: 200))
                    != nil
            else { continue }
            return Connection(Self.line(socket.number), socket)
        }
    }

    /// Removes the socket's name.
    public borrowing func removeName() { listener.removeName() }

    private static func line(_ socket: Int32) -> String {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: longestLine)
        while bytes.count < longestLine, !bytes.contains(UInt8(ascii: "\n")) {
            // Safe because the array bounds what is received.
            let got = unsafe piece.withUnsafeMutableBytes { unsafe try? Sockets.receive(socket, into: $0) }
            guard let got = got ?? nil, got > 0 else { break }
            bytes += piece[..<got]
        }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Asks a supervisor.
    ///
    /// - Parameters:
    ///   - command: what to ask.
    ///   - path: its control socket.
    /// - Returns: the whole answer; its first line is `ok` or `error` and a reason.
    /// - Throws: the errno of connecting, sending or receiving; ENOENT and ECONNREFUSED when nobody listens there.
    public static func ask(_ command: ControlCommand, at path: String) throws(Errno) -> String {
        let socket = try Sockets.connect(unix: path)
        try Sockets.setTimeouts(socket.number, receiveMilliseconds: 5000, sendMilliseconds: 5000)
        try Sockets.sendAll(socket.number, Array((command.line + "\n").utf8))
        guard let bytes = try Files.readAll(socket.number, limit: 1 << 20) else { throw .fileTooLarge }
        return String(decoding: bytes, as: UTF8.self)
    }
}
