import Kernel
import Synchronization
import Testing

@testable import Accounts

@Suite struct `the queue of hashes` {
    @Test func `runs so many at once, lets so many wait, and refuses the next at once`() throws {
        let queue = try PasswordHashing(atOnce: 2, waiting: 3)
        let gate = Monitor(false)
        let running = Monitor(0)
        func submit() -> Bool {
            queue.submit {
                running.change { $0 += 1 }
                _ = gate.wait { $0 ? true : nil }
                return .done
            }
        }
        #expect(submit() && submit())
        _ = running.wait { $0 == 2 ? true : nil }
        #expect(submit() && submit() && submit())
        let start = Clocks.monotonicMilliseconds()
        #expect(!submit())
        #expect(Clocks.monotonicMilliseconds() - start < 100)
        #expect(running.withLock { $0 } == 2)
        gate.change { $0 = true }
        queue.finish()
        #expect(running.withLock { $0 } == 5)
        #expect(!queue.submit { .done })
    }

    @Test func `runs a job that depends on others again, each time one has ended`() throws {
        let queue = try PasswordHashing(atOnce: 2, waiting: 300)
        let ended = Monitor(0)
        let turns = Monitor(0)
        // Each of them needs the one before to have ended; in the worst order.
        for number in (0..<100).reversed() {
            let isTaken = queue.submit {
                turns.change { $0 += 1 }
                return ended.change { ended in
                    guard ended == number else { return PasswordHashing.Turn.later }
                    ended += 1
                    return .done
                }
            }
            #expect(isTaken)
            if number == 99 { Clocks.sleep(nanoseconds: 1_000_000) }
        }
        queue.finish()
        #expect(ended.withLock { $0 } == 100)
        #expect(turns.withLock { $0 } < 6000)
    }

    @Test func `runs a job again when what it waited for ended before it said so`() throws {
        let queue = try PasswordHashing(atOnce: 2, waiting: 10)
        let events = Monitor<[String]>([])
        @Sendable func has(_ event: String) { _ = events.wait { $0.contains(event) ? true : nil } }
        @Sendable func note(_ event: String) { events.change { $0.append(event) } }
        // The first asks while the second runs, and says "later" only when the second is long over: its thread runs the third by then.
        _ = queue.submit {
            if events.withLock({ $0.contains("first asked") }) {
                note("first done")
                return .done
            }
            note("first asked")
            has("third asked")
            return .later
        }
        _ = queue.submit {
            has("first asked")
            return .done
        }
        // The third ends after the first only, so it does not wake it.
        _ = queue.submit {
            note("third asked")
            return events.withLock { $0.contains("first done") } ? .done : .later
        }
        let deadline = Clocks.monotonicNanoseconds() + 5_000_000_000
        let isDone: Bool? = events.wait(until: deadline) { $0.contains("first done") ? true : nil }
        #expect(isDone == true)
        // A queue that lost a job never finishes.
        if isDone == true { queue.finish() }
    }
}
