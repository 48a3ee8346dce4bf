internal import CKernel
internal import Glibc

/// Waits for readiness of many descriptors, epoll(7); any number of threads may wait on one.
public struct Epoll: ~Copyable, Sendable {
    /// What to wait for, and how; the numbers are those of `sys/epoll.h`.
    public struct Interest: OptionSet, Sendable {
        /// The bits of epoll_ctl(2).
        public let rawValue: UInt32
        /// Takes bits of epoll_ctl(2).
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// Bytes, a connection, or the peer's end can be read.
        public static let readable = Interest(rawValue: 0x1)
        /// Bytes can be written.
        public static let writable = Interest(rawValue: 0x4)
        /// The peer has closed its sending side.
        public static let peerClosed = Interest(rawValue: 0x2000)
        /// Told once, then silent until `modify`.
        public static let oneShot = Interest(rawValue: 1 << 30)
        /// One process of many is woken; only with `add`.
        public static let exclusive = Interest(rawValue: 1 << 28)
    }

    /// One readiness.
    public struct Event: Sendable {
        /// The bits of epoll_wait(2).
        public let bits: UInt32
        /// What was given with `add` or `modify`.
        public let token: UInt64
    }

    private let descriptor: Descriptor

    /// Opens an epoll of its own.
    public init() throws(Errno) { descriptor = Descriptor(owning: try call(.epoll) { ck_epoll_create() }) }

    /// Begins to wait for a descriptor.
    public borrowing func add(_ number: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
        try control(1, number, interest, token)
    }

    /// Changes the interest, and wakes a one-shot again.
    public borrowing func modify(_ number: Int32, _ interest: Interest, token: UInt64) throws(Errno) {
        try control(3, number, interest, token)
    }

    /// Ends the wait for a descriptor; closing it does the same where no duplicate is open.
    public borrowing func remove(_ number: Int32) throws(Errno) { try control(2, number, [], 0) }

    /// Waits for one readiness.
    ///
    /// - Parameter timeoutMilliseconds: -1 waits for ever.
    /// - Returns: nil when the time is over.
    /// - Throws: the errno of epoll_wait(2).
    public borrowing func wait(timeoutMilliseconds: Int32) throws(Errno) -> Event? {
        let epoll = descriptor.number
        var bits: UInt32 = 0
        var token: UInt64 = 0
        // Safe because the pointers live for the call.
        let count = try call(.epoll) { unsafe ck_epoll_wait(epoll, &bits, &token, timeoutMilliseconds) }
        return count == 1 ? Event(bits: bits, token: token) : nil
    }

    // 1 adds, 2 removes, 3 modifies (sys/epoll.h).
    private borrowing func control(
        _ operation: Int32,
        _ number: Int32,
        _ interest: Interest,
        _ token: UInt64
    ) throws(Errno) {
        let epoll = descriptor.number
        _ = try call(.epoll) { ck_epoll_ctl(epoll, operation, number, interest.rawValue, token) }
    }
}

/// A counter that can be waited for, eventfd(2): how one thread wakes others.
public struct EventDescriptor: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Opens a counter at 0.
    public init() throws(Errno) {
        descriptor = Descriptor(owning: try call(.eventDescriptor) { ck_eventfd() })
    }

    /// The number to wait for.
    public var number: Int32 { descriptor.number }

    /// Makes the descriptor readable, and leaves it so: every waiter is woken.
    public borrowing func signal() {
        let number = descriptor.number
        var one: UInt64 = 1
        // Fails only when the counter is full, and then it is readable already; safe because 8 bytes are written from a UInt64.
        _ = try? call(.write) { unsafe write(number, &one, 8) }
    }
}
