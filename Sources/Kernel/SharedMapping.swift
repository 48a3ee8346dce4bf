internal import Glibc

/// Memory that several processes see: a mapped file, mmap(2) with `MAP_SHARED`.
@safe public final class SharedMapping: @unchecked Sendable {
    // Safe because the mapping lives as long as this object; what is written into it is the users' business: they use atomics.
    /// The first byte; page aligned.
    public let start: UnsafeMutableRawPointer
    /// Bytes mapped.
    public let count: Int

    /// Maps the first `count` bytes of an open file; the file must be that long.
    public init(_ descriptor: Int32, count: Int) throws(Errno) {
        // Safe because the kernel chooses the place; MAP_FAILED is checked.
        let address = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw Errno(rawValue: Glibc.errno)
        }
        unsafe start = address
        self.count = count
    }

    deinit {
        // Safe because nobody else holds the pointer past this object's life.
        unsafe _ = munmap(start, count)
    }
}
