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
}
