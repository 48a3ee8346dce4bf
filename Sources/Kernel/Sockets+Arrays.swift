extension Sockets {
    /// Receives what is there into an array's bytes from an index on; blocks as the socket does.
    ///
    /// - Returns: the number of bytes, 0 when the peer has closed or the array is full, nil when nothing is there (or within the socket's
    ///   timeout).
    public static func receive(_ socket: Int32, into bytes: inout [UInt8], from start: Int) throws(Errno)
        -> Int?
    {
        guard bytes.indices.contains(start) else { return 0 }
        // Array's own closure rethrows untyped; the outcome is carried out as a value instead. Safe because the slice lies inside.
        let outcome: Result<Int?, Errno> = unsafe bytes.withUnsafeMutableBytes { all in
            do throws(Errno) {
                return .success(
                    unsafe try receive(socket, into: UnsafeMutableRawBufferPointer(rebasing: all[start...]))
                )
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

extension Sockets {
    /// Looks at what is there without taking it and without waiting.
    ///
    /// - Returns: the number of bytes, 0 when the peer has closed, nil when nothing is there.
    public static func peek(_ socket: Int32, into bytes: inout [UInt8]) throws(Errno) -> Int? {
        // Safe because the buffer bounds what is written.
        let outcome: Result<Int?, Errno> = unsafe bytes.withUnsafeMutableBytes { all in
            do throws(Errno) {
                return .success(unsafe try receive(socket, into: all, peek: true, wait: false))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
