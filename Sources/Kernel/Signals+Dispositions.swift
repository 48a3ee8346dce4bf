internal import CKernel
internal import Glibc

extension Signals {
    /// Runs `body`, and puts back what these signals did before it: for libraries that install handlers of their own.
    ///
    /// Dispositions belong to the process: call it while no other thread changes them.
    public static func keepingDispositions<Value>(
        of signals: [Signal],
        _ body: () throws(Errno) -> Value
    ) throws(Errno) -> Value {
        var before: [(Signal, sigaction)] = []
        for signal in signals {
            var action = sigaction()
            // Safe because the pointer lives for the call.
            _ = try call(.signal) { unsafe sigaction(signal.rawValue, nil, &action) }
            before.append((signal, action))
        }
        let value = try body()
        for (signal, action) in before {
            var action = action
            // Safe because the pointer lives for the call, and what it holds came from the kernel.
            _ = try call(.signal) { unsafe sigaction(signal.rawValue, &action, nil) }
        }
        return value
    }
}
