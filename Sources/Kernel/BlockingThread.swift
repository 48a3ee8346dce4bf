internal import CKernel
internal import Glibc

/// An operating-system thread for blocking work; somebody must `join` it.
public final class BlockingThread: Sendable {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let handle: UInt

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: at most 15 bytes, shown by `ps` and debuggers; longer ones are cut.
    ///   - stackBytes: the size of its stack; pages are taken as they are touched.
    ///   - body: runs on the thread, with the signal mask of the thread that starts it.
    /// - Throws: the number of pthread_create(3), EAGAIN when there is no room for one more.
    public init(name: String, stackBytes: Int = 512 * 1024, _ body: @escaping @Sendable () -> Void)
        throws(Errno)
    {
        var attributes = pthread_attr_t()
        // Safe because the attributes live until they are destroyed below.
        unsafe pthread_attr_init(&attributes)
        defer { unsafe _ = pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let start = Start(name: name, body: body)
        // Safe because the retained box is taken over by the new thread, or released here when there is none.
        let box = unsafe Unmanaged.passRetained(start)
        let failure = unsafe pthread_create(
            &thread,
            &attributes,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                unsafe ck_name_thread(String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
                start.body()
                return nil
            },
            box.toOpaque()
        )
        guard failure == 0 else {
            unsafe box.release()
            throw Errno(rawValue: failure)
        }
        handle = UInt(thread)
    }

    /// Waits for the thread's end; call it once.
    public func join() {
        _ = pthread_join(pthread_t(handle), nil)
    }
}
