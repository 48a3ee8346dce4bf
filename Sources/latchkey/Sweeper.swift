internal import Kernel
internal import Logging
internal import Sessions
internal import Supervision
internal import Web

/// Removes expired sessions now and then, in small slices, on a thread beside the supervisor; never in a request.
final class Sweeper: Sendable {
    /// One slice, and the pause after it: a fifth of one core at most, however many sessions there are.
    private static let slice: Milliseconds = 20
    private static let pause: Milliseconds = 80
    /// A clock that moved by more than this between two rounds is not believed until it has stayed there for another one.
    private static let leap: Milliseconds = 3_600_000

    private let store: FileSessionStore
    private let interval: Milliseconds
    private let logger: Logger

    init(_ store: FileSessionStore, every interval: Milliseconds, _ logger: Logger) {
        self.store = store
        self.interval = interval
        self.logger = logger
    }

    /// Begins; the first round comes after one interval.
    func start() throws(Errno) -> BlockingThread {
        try BlockingThread(name: "sweeper") {
            var difference = Clocks.wallMilliseconds() - Clocks.monotonicMilliseconds()
            while true {
                Self.sleep(self.interval)
                let now = Clocks.wallMilliseconds() - Clocks.monotonicMilliseconds()
                // A clock set to next year would make every session look expired.
                if abs(now - difference) > Self.leap {
                    self.logger.warning(
                        "the clock was set; sessions are swept when it has stayed so for a round"
                    )
                } else {
                    self.round()
                }
                difference = now
            }
        }
    }

    private func round() {
        var removed = 0
        var leftovers = 0
        do throws(SessionStoreError) {
            while true {
                let now = UnixTime(milliseconds: Clocks.wallMilliseconds())
                let report = try store.sweep(now: now, forMilliseconds: Self.slice)
                removed += report.removed
                leftovers += report.leftovers
                guard report.hasMore, !report.isBusyElsewhere else { break }
                Self.sleep(Self.pause)
            }
            if removed + leftovers > 0 {
                logger.info("swept \(removed) expired sessions and \(leftovers) leftovers")
            }
        } catch {
            logger.error("sweep: \(error)")
        }
    }

    private static func sleep(_ span: Milliseconds) { Clocks.sleep(nanoseconds: span * 1_000_000) }
}
