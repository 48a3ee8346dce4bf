public import Kernel

/// Why there is no answer.
public enum ClientError: Error, Equatable {
    /// The connection ended, and these bytes of an answer had come.
    case closed(afterBytes: Int)
    /// Nothing came in time.
    case timedOut
    /// What came is not what FastCGI 1.0 allows a responder.
    case malformed(String)
    /// A system call failed.
    case system(Errno)
}
