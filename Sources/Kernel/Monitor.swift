internal import Glibc

/// A value under a lock, with threads that wait until it is as they need it: a mutex and a condition variable, pthread_cond_init(3).
///
/// Where nobody waits for a change, `Synchronization.Mutex` is the lighter choice.
@safe public final class Monitor<Value>: @unchecked Sendable {
    // Safe because every access to the value is under the mutex, and the primitives stay at one address until deinit.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value

    /// Puts a value under a lock of its own.
    public init(_ value: sending Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        var attributes = pthread_condattr_t()
        // Safe because both primitives have memory of their own, and the attributes live until they are destroyed.
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_condattr_init(&attributes)
        // Deadlines must not move when somebody sets the clock.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        // Safe because nobody can hold the lock of an object that nobody holds.
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Changes the value, and wakes all who wait.
    public func change<Result>(_ body: (inout Value) -> Result) -> Result {
        // Safe because the primitives live as long as this object.
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(condition)
            unsafe pthread_mutex_unlock(mutex)
        }
        return body(&value)
    }

    /// Looks at the value or changes it, and wakes nobody.
    public func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        // Safe because the primitives live as long as this object.
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Calls `body` now and after each change, until it returns something.
    ///
    /// - Parameters:
    ///   - deadline: on `Clocks.monotonicNanoseconds`; nil waits for ever.
    ///   - body: runs under the lock; nil waits on.
    /// - Returns: nil when the deadline has passed.
    public func wait<Result>(until deadline: Int64? = nil, _ body: (inout Value) -> Result?) -> Result? {
        // Safe because the primitives live as long as this object, and the instant as long as the call.
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) { return result }
            guard let deadline else {
                unsafe pthread_cond_wait(condition, mutex)
                continue
            }
            if Clocks.monotonicNanoseconds() >= deadline { return nil }
            var instant = timespec(
                tv_sec: Int(deadline / 1_000_000_000),
                tv_nsec: Int(deadline % 1_000_000_000)
            )
            unsafe pthread_cond_timedwait(condition, mutex, &instant)
        }
    }
}
