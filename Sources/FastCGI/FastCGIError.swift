public import Kernel

/// Why a server cannot begin.
public enum FastCGIError: Error, Equatable, CustomStringConvertible {
    /// The descriptor is not a socket that listens.
    case notListening(descriptor: Int32)
    /// `allowedUsers` was given for a TCP listener, whose peers have no user id.
    case peersUnknown
    /// libfcgi could not be set up.
    case library
    /// A listener of another process answers at this path.
    case pathInUse(String)
    /// `LISTEN_FDS` and `LISTEN_PID` pass no socket to this process (sd_listen_fds(3)).
    case nothingPassed
    /// A system call failed; the text says what it was for.
    case system(String, Errno)

    /// One sentence for the operator.
    public var description: String {
        switch self {
        case .notListening(let descriptor):
            "descriptor \(descriptor) is not a listening socket; start this program by spawn-fcgi, systemd or its supervisor"
        case .peersUnknown: "a TCP listener cannot tell users apart; use a unix socket or allow any"
        case .library: "libfcgi could not be set up"
        case .pathInUse(let path): "another process listens at \(path)"
        case .nothingPassed:
            "no listening socket was passed: LISTEN_FDS and LISTEN_PID do not name this process"
        case .system(let what, let number): "\(what): \(number)"
        }
    }
}
