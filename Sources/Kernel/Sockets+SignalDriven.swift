internal import Glibc

extension Signals.Signal {
    /// SIGIO: something happened on a descriptor that was set to tell so.
    public static let inputOutput = Signals.Signal(rawValue: SIGIO)
}

extension Sockets {
    /// Makes the kernel send us SIGIO whenever something comes in, `O_ASYNC` (fcntl(2)); also sets O_NONBLOCK.
    public static func raiseSignal(whenReadable descriptor: Int32) throws(Errno) {
        _ = try call(.socketOption) { fcntl(descriptor, F_SETOWN, getpid()) }
        let flags = try call(.socketOption) { fcntl(descriptor, F_GETFL) }
        _ = try call(.socketOption) { fcntl(descriptor, F_SETFL, flags | O_NONBLOCK | O_ASYNC) }
    }
}
