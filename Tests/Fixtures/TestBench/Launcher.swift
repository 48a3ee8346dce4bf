internal import Foundation
internal import Kernel
internal import Synchronization

/// The one thread that starts programs.
///
/// The kernel ends a child when the thread that started it ends (`PR_SET_PDEATHSIG`, prctl(2)), and a test may run on any thread of a pool.
/// This one lives as long as the process, so children die with the process and not before.
final class Launcher: Sendable {
    static let shared = Launcher()

    private typealias Job = @Sendable () -> Void
    private let jobs = Mutex<[Job]>([])
    private let waiting = DispatchSemaphore(value: 0)

    private init() {
        let thread = Thread { [self] in
            while true {
                waiting.wait()
                let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                job?()
            }
        }
        thread.name = "launcher"
        thread.start()
    }

    /// Starts a program; the descriptors stay the caller's.
    func spawn(
        _ path: String,
        _ arguments: [String],
        environment: [String],
        descriptors: [Int32?],
        directory: String
    ) throws(Errno) -> Int32 {
        let outcome = Mutex<Result<Int32, Errno>>(.failure(.timedOut))
        let done = DispatchSemaphore(value: 0)
        let box = Box(outcome)
        jobs.withLock {
            $0.append {
                do throws(Errno) {
                    let process = try Processes.spawn(
                        path,
                        arguments: [path] + arguments,
                        environment: environment,
                        descriptors: descriptors,
                        directory: directory,
                        diesWithParent: true,
                        newSession: true
                    )
                    box.value.withLock { $0 = .success(process) }
                } catch {
                    box.value.withLock { $0 = .failure(error) }
                }
                done.signal()
            }
        }
        waiting.signal()
        done.wait()
        return try box.value.withLock { $0 }.get()
    }

    private final class Box: Sendable {
        let value: Mutex<Result<Int32, Errno>>
        init(_ value: consuming Mutex<Result<Int32, Errno>>) { self.value = value }
    }
}
