internal import Kernel

/// A unix socket that is listened on, made here or passed by the parent.
public struct ListeningSocket: ~Copyable {
    private let socket: Descriptor
    // Held as long as the socket is, so that no second supervisor takes the name; the file itself stays, because a lock file that
    // is removed protects nothing.
    private let lock: Descriptor?
    private let path: String?
    private let inode: UInt64?

    /// The descriptor's number, close-on-exec and non-blocking.
    public var number: Int32 { socket.number }

    /// Listens on a path.
    ///
    /// Whoever serves the path holds a lock on `PATH.lock`. A name left over by a process that died is replaced, but only when the
    /// lock is had and a connection is refused; anything that is not a socket is never touched.
    ///
    /// - Parameters:
    ///   - path: at most 107 bytes; its folder must exist.
    ///   - mode: who may connect; connecting takes the right to write.
    ///   - group: the socket's group; nil is this process's.
    /// - Throws: `alreadyServed` and the other reasons of `ListeningSocketError`; nothing is left behind but the lock file.
    public init(path: String, mode: UInt32, group: UInt32? = nil) throws(ListeningSocketError) {
        guard path.utf8.count <= 107 else { throw ListeningSocketError(path, .tooLong) }
        let lock = try Self.lock(path)
        try Self.removeStale(path)
        let socket = try Self.bind(path, mode, group)
        let status = try? Files.status(path)
        self.lock = consume lock
        self.socket = consume socket
        self.path = path
        inode = status?.inode
    }

    private init(passed number: Int32) {
        socket = Descriptor(owning: number)
        lock = nil
        path = nil
        inode = nil
    }

    /// The first socket that systemd or another parent passed by `LISTEN_FDS` (sd_listen_fds(3)); nil when none was passed to us.
    public static func passed() throws(ListeningSocketError) -> ListeningSocket? {
        guard let text = Processes.environment("LISTEN_FDS") else { return nil }
        // A variable that was meant for a parent of ours and forgotten.
        if let process = Processes.environment("LISTEN_PID"), process != String(Processes.id) { return nil }
        guard let count = Int32(text), count >= 1 else {
            throw ListeningSocketError("LISTEN_FDS", .inheritance("\(text) is not a number of sockets"))
        }
        guard Sockets.isListening(3) else {
            throw ListeningSocketError("LISTEN_FDS", .inheritance("descriptor 3 is not a listening socket"))
        }
        do throws(Errno) {
            try Sockets.setCloseOnExec(3, true)
            try Sockets.setNonBlocking(3, true)
        } catch {
            throw ListeningSocketError("LISTEN_FDS", .system("prepare descriptor 3", error))
        }
        return ListeningSocket(passed: 3)
    }

    /// Removes the socket's name, if it is still the one that was made here; a passed one is its parent's.
    public borrowing func removeName() {
        guard let path, let inode, let status = try? Files.status(path), status.inode == inode else { return }
        try? Files.unlink(path)
    }

    private static func lock(_ path: String) throws(ListeningSocketError) -> Descriptor {
        do throws(Errno) {
            let file = try Files.open("\(path).lock", [.readWrite, .create, .noFollow], mode: 0o600)
            guard try Files.tryLock(file.number, at: 0) else { throw .addressInUse }
            return file
        } catch .addressInUse {
            throw ListeningSocketError(path, .alreadyServed)
        } catch {
            throw ListeningSocketError("\(path).lock", .system("lock", error))
        }
    }

    private static func bind(_ path: String, _ mode: UInt32, _ group: UInt32?) throws(ListeningSocketError)
        -> Descriptor
    {
        // The name must not be open to more people for an instant, so it is born closed and opened last.
        let before = Processes.setFileCreationMask(0o177)
        defer { _ = Processes.setFileCreationMask(before) }
        var step = "listen"
        do throws(Errno) {
            let socket = try Sockets.listen(unix: path)
            step = "set its group"
            if let group { try Files.changeOwner(of: path, user: nil, group: group) }
            step = "set its permissions"
            try Files.changeMode(of: path, to: mode)
            return socket
        } catch {
            throw ListeningSocketError(path, .system(step, error))
        }
    }

    private static func removeStale(_ path: String) throws(ListeningSocketError) {
        var step = "look at it"
        do throws(Errno) {
            guard try Files.isSocket(path) else { throw .notSupported }
            step = "connect"
            _ = try Sockets.connect(unix: path, nonBlocking: true)
            throw .addressInUse
        } catch {
            switch error {
            case .noSuchFile: return
            case .notSupported: throw ListeningSocketError(path, .notSocket)
            // A full queue says that somebody listens.
            case .addressInUse, .wouldBlock: throw ListeningSocketError(path, .alreadyServed)
            case .connectionRefused: break
            default: throw ListeningSocketError(path, .system(step, error))
            }
        }
        do throws(Errno) { try Files.unlink(path) } catch {
            throw ListeningSocketError(path, .system("remove the old socket", error))
        }
    }
}
