import Glibc

/// SIGTERM and SIGINT, blocked in the thread that makes this and in all that it starts.
struct StopSignals: Sendable {
    init() {
        var set = Self.set()
        // Safe because the pointer lives for the call.
        unsafe _ = pthread_sigmask(SIG_BLOCK, &set, nil)
        // A peer that went away is an error of its write, not the end of the process.
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Runs `body` on a thread of its own when one of the signals comes.
    func onArrival(_ body: @escaping @Sendable () -> Void) {
        final class Action: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        // Safe because the retained action is taken over by the thread, which lives as long as the process.
        let action = unsafe Unmanaged.passRetained(Action(body)).toOpaque()
        unsafe _ = pthread_create(
            &thread,
            nil,
            { raw in
                var set = StopSignals.set()
                var number: Int32 = 0
                unsafe _ = sigwait(&set, &number)
                if let raw = unsafe raw {
                    unsafe Unmanaged<Action>.fromOpaque(raw).takeRetainedValue().body()
                }
                return nil
            },
            action
        )
    }

    private static func set() -> sigset_t {
        var set = sigset_t()
        // Safe because the pointer lives for each call.
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        return set
    }
}
