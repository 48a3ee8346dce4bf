import Kernel
import Supervision
import Testing

@Suite struct `Stopping a pool` {
    private func running() -> PoolScript {
        var script = PoolScript(WorkerPoolOptions(workers: 2, services: [.accounts, .nginx]))
        script.send(.tick)
        script.pass(5000)
        // 101 accounts, 102 nginx, 103 and 104 workers.
        return script
    }

    @Test func `goes from the front to the back, each when the one before is gone`() {
        var script = running()
        #expect(script.send(.stop(.graceful)) == ["QUIT 102"])
        #expect(script.end(102, .exited(0)) == ["TERM 103", "TERM 104"])
        #expect(script.end(104, .exited(0)) == [])
        #expect(script.end(103, .exited(0)) == ["TERM 101"])
        #expect(script.end(101, .exited(0)) == ["exit 0"])
        #expect(script.send(.tick) == [])
    }

    @Test func `kills who does not go within the grace`() {
        var script = running()
        script.send(.stop(.graceful))
        #expect(script.pass(2000) == ["TERM 102"])
        #expect(script.pass(1000) == ["KILL 102"])
        #expect(script.end(102, .killed) == ["TERM 103", "TERM 104"])
        script.end(103, .exited(0))
        #expect(script.pass(9_999) == [])
        #expect(script.pass(1) == ["KILL 104"])
        // A process that hangs in the kernel is told again, and waited for.
        #expect(script.pass(1000) == ["KILL 104"])
        #expect(script.end(104, .killed) == ["TERM 101"])
        #expect(script.end(101, .exited(0)) == ["exit 0"])
    }

    @Test func `is over soon when it is to be quick`() {
        var script = running()
        #expect(Set(script.send(.stop(.quick))) == ["INT 103", "INT 104", "INT 101", "TERM 102"])
        #expect(Set(script.pass(1000)) == ["KILL 101", "KILL 102", "KILL 103", "KILL 104"])
        for process in Int32(101)...104 { script.end(process, .killed) }
        #expect(script.exitCode == 0)
    }

    @Test func `gets quicker at a second wish, never slower`() {
        var script = running()
        script.send(.stop(.graceful))
        script.end(102, .exited(0))
        #expect(script.send(.stop(.graceful)) == [])
        #expect(Set(script.send(.stop(.quick))) == ["INT 103", "INT 104", "INT 101"])
        #expect(script.send(.stop(.graceful)) == [])
    }

    @Test func `starts nothing any more, whatever happens`() {
        var script = running()
        script.send(.stop(.graceful))
        for event in [WorkerPool.Event.more, .fewer, .scale(to: 9), .reload, .tick] {
            #expect(script.send(event) == [])
        }
        #expect(script.end(104, .crashed) == [])
        #expect(script.workers == [103])
    }
}
