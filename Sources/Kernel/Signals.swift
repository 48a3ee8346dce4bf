internal import CKernel
internal import Glibc

/// Signals as values: blocked for the whole process, then waited for; no handler is ever installed.
public enum Signals {
    /// A signal's number.
    public struct Signal: RawRepresentable, Hashable, Sendable {
        /// As in signal(7), 1 to 63.
        public let rawValue: Int32
        /// Takes a number of signal(7).
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// SIGHUP: reload.
        public static let hangup = Signal(rawValue: SIGHUP)
        /// SIGINT: stop quickly.
        public static let interrupt = Signal(rawValue: SIGINT)
        /// SIGQUIT: stop gracefully.
        public static let quit = Signal(rawValue: SIGQUIT)
        /// SIGABRT.
        public static let abort = Signal(rawValue: SIGABRT)
        /// SIGKILL: cannot be blocked.
        public static let kill = Signal(rawValue: SIGKILL)
        /// SIGUSR1: reopen logs.
        public static let user1 = Signal(rawValue: SIGUSR1)
        /// SIGUSR2: a new binary.
        public static let user2 = Signal(rawValue: SIGUSR2)
        /// SIGPIPE.
        public static let pipe = Signal(rawValue: SIGPIPE)
        /// SIGTERM: stop gracefully.
        public static let terminate = Signal(rawValue: SIGTERM)
        /// SIGCHLD: a child changed state.
        public static let child = Signal(rawValue: SIGCHLD)
        /// SIGSTOP.
        public static let stop = Signal(rawValue: SIGSTOP)
        /// SIGCONT.
        public static let `continue` = Signal(rawValue: SIGCONT)
        /// SIGTTIN: one worker more.
        public static let moreWorkers = Signal(rawValue: SIGTTIN)
        /// SIGTTOU: one worker fewer.
        public static let fewerWorkers = Signal(rawValue: SIGTTOU)
        /// SIGWINCH.
        public static let windowChange = Signal(rawValue: SIGWINCH)
    }

    /// Blocks signals in this thread and in all it starts from now on; call it first in `main`.
    public static func block(_ signals: Set<Signal>) throws(Errno) {
        let bits = mask(signals)
        _ = try call(.signal) { ck_sigmask(0, bits) }
    }

    /// Ignores a signal; SIGPIPE is the one that a server wants gone.
    public static func ignore(_ signal: Signal) throws(Errno) {
        _ = try call(.signal) { ck_signal_ignore(signal.rawValue) }
    }

    /// Takes one pending signal of the set, sigtimedwait(2); the signals must be blocked.
    ///
    /// - Parameters:
    ///   - signals: what to wait for.
    ///   - timeoutMilliseconds: -1 waits for ever.
    /// - Returns: nil when the time is over.
    /// - Throws: the errno of sigtimedwait(2).
    public static func wait(for signals: Set<Signal>, timeoutMilliseconds: Int64) throws(Errno) -> Signal? {
        var sender: Int32 = 0
        let bits = mask(signals)
        do {
            // Safe because the pointer lives for the call.
            return Signal(
                rawValue: try call(.signal) { unsafe ck_sigtimedwait(bits, timeoutMilliseconds, &sender) }
            )
        } catch .wouldBlock {
            return nil
        }
    }

    private static func mask(_ signals: Set<Signal>) -> UInt64 {
        signals.reduce(0) { (1..<64).contains($1.rawValue) ? $0 | 1 << UInt64($1.rawValue) : $0 }
    }
}
