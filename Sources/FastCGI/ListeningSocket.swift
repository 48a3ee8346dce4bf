internal import Kernel

/// Where a worker gets the socket from that it accepts on.
public enum ListeningSocket: Sendable, Equatable {
    /// Descriptor 0, which the parent made: the FastCGI convention (FastCGI 1.0, section 2.2), and what spawn-fcgi does.
    case standardInput
    /// Descriptor 3, passed by systemd with `LISTEN_FDS` and `LISTEN_PID` (sd_listen_fds(3)).
    case passed
    /// Descriptor 3 where systemd passed one, descriptor 0 otherwise.
    case inherited
    /// A unix socket made here, at most 107 bytes of path, with these permissions; owner and group may connect unless given otherwise.
    ///
    /// It accepts from the moment at which the name is there. What a dead process left at the path is removed; a living listener there is an
    /// error, and so is a file that is no socket.
    case path(String, mode: UInt32 = 0o660)

    /// Gets the socket.
    ///
    /// - Returns: the descriptor of a listening socket, the caller's to close.
    public func open() throws(FastCGIError) -> Int32 {
        switch self {
        case .standardInput: return try ListeningSocket.checked(0)
        case .passed:
            guard ListeningSocket.isPassed else { throw .nothingPassed }
            return try ListeningSocket.checked(3)
        case .inherited: return try ListeningSocket.checked(ListeningSocket.isPassed ? 3 : 0)
        case .path(let path, let mode): return try ListeningSocket.make(path, mode)
        }
    }

    private static var isPassed: Bool {
        guard let process = Processes.environment("LISTEN_PID").flatMap(Int32.init),
            let count = Processes.environment("LISTEN_FDS").flatMap(Int.init)
        else { return false }
        return process == Processes.id && count >= 1
    }

    private static func checked(_ descriptor: Int32) throws(FastCGIError) -> Int32 {
        guard Sockets.isListening(descriptor) else { throw .notListening(descriptor: descriptor) }
        do throws(Errno) { try Sockets.setCloseOnExec(descriptor, true) } catch {
            throw .system("descriptor \(descriptor)", error)
        }
        return descriptor
    }

    private static func make(_ path: String, _ mode: UInt32) throws(FastCGIError) -> Int32 {
        do throws(Errno) {
            return try listen(path, mode)
        } catch .addressInUse {
            guard isDead(path) else { throw .pathInUse(path) }
            do throws(Errno) {
                try Files.unlink(path)
                return try listen(path, mode)
            } catch {
                throw .system(path, error)
            }
        } catch {
            throw .system(path, error)
        }
    }

    private static func listen(_ path: String, _ mode: UInt32) throws(Errno) -> Int32 {
        let working = Files.workingDirectory
        // Bound beside its place and linked into it when it listens: between bind and listen a name refuses connections.
        let beside = path + ".\(Processes.id)"
        let isRoomy = beside.utf8.count <= 107
        let name = isRoomy ? beside : path
        if isRoomy { try? Files.unlink(beside) }
        let socket = try Sockets.listen(unix: name)
        defer { if isRoomy { try? Files.unlink(beside) } }
        try Files.changeMode(of: name, to: mode)
        if isRoomy {
            do throws(Errno) {
                try Files.link(beside, in: working, to: path, in: working)
            } catch .fileExists {
                throw .addressInUse
            }
        }
        return socket.release()
    }

    /// Whether a connection to the path is refused, as it is when the process that listened has gone.
    private static func isDead(_ path: String) -> Bool {
        do throws(Errno) {
            _ = try Sockets.connect(unix: path, nonBlocking: true)
            return false
        } catch .connectionRefused {
            return (try? Files.isSocket(path)) ?? false
        } catch {
            return false
        }
    }
}
