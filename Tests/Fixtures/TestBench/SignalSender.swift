public import Kernel

/// Signals to processes that a test's own programs started.
public enum SignalSender {
    /// Ends a process at once, as `kill -9` does; one that has gone is fine.
    public static func kill(_ process: Int32) { send(.kill, to: process) }

    /// Sends a signal; a process that has gone is fine.
    public static func send(_ signal: Signals.Signal, to process: Int32) {
        try? Processes.signal(process, signal)
    }
}
