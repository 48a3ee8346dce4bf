internal import CKernel
internal import Glibc

/// A file descriptor with one owner; leaving scope closes it.
public struct Descriptor: ~Copyable, Sendable {
    /// The number, 0 or above.
    public let number: Int32

    /// Takes over a descriptor that nobody else will close.
    public init(owning number: Int32) { self.number = number }

    // EINTR is not retried: on Linux the descriptor is gone in any case (close(2)).
    deinit { _ = Glibc.close(number) }

    /// Gives the number away without closing it.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    /// Duplicates to a number of 3 or above, close-on-exec set.
    public borrowing func duplicate() throws(Errno) -> Descriptor {
        let number = self.number
        return Descriptor(owning: try call(.other) { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }
}
