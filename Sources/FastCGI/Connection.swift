/// One connection, in the hands of a thread or parked in the ``ConnectionTable``; whoever has it closes it.
struct Connection: Sendable {
    let descriptor: Int32
    /// Whether epoll knows the descriptor.
    var isRegistered = false
    /// When it has waited too long, in monotonic milliseconds.
    var deadline: Int64
    /// What has come of a request that is not complete.
    var partial: RecordGate?
    /// Whether its time is over: nothing more is read into ``partial``.
    var isExpired = false
    /// Whether a request on it has been answered, so that silence is no fault.
    var hasServed = false

    /// Whether it waits without having begun anything.
    var isIdle: Bool { hasServed && partial == nil }
}
