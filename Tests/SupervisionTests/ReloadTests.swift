import Kernel
import Supervision
import Testing

@Suite struct `Reloading a pool` {
    private func settled(_ count: Int) -> PoolScript {
        var script = PoolScript(WorkerPoolOptions(workers: count))
        script.send(.tick)
        script.pass(20_000)
        return script
    }

    @Test func `starts a new worker, lets it settle, and only then retires an old one`() {
        var script = settled(2)
        #expect(script.send(.reload) == ["start worker 2"])
        #expect(script.pass(99) == [])
        #expect(script.pass(1) == ["TERM 101", "start worker 3"])
        script.end(101, .exited(0))
        #expect(script.pass(100) == ["TERM 102"])
        script.end(102, .exited(0))
        #expect(script.pass(60_000) == [])
        #expect(script.workers == [103, 104])
        #expect(script.messages.contains("reload: done"))
    }

    @Test func `never has fewer workers than wished`() {
        var script = settled(8)
        script.send(.reload)
        for _ in 0..<200 {
            script.pass(10)
            let stopping = script.pool.processes.filter { $0.state == .stopping }
            #expect(script.workers.count - stopping.count >= 8)
            #expect(script.workers.count - stopping.count <= 9)
            for child in stopping { if let process = child.process { script.end(process, .exited(0)) } }
        }
        #expect(script.workers == Array(109...116))
    }

    @Test func `keeps the old workers when a new one does not start`() {
        var script = settled(3)
        #expect(script.send(.reload) == ["start worker 3"])
        #expect(script.end(104, .exited(78)) == ["abandon reload"])
        script.pass(60_000)
        #expect(script.workers == [101, 102, 103])
        // And another one, after it was mended, works.
        #expect(script.send(.reload) == ["start worker 3"])
    }

    @Test func `may be asked for again while it runs: all are newer than the last wish`() {
        var script = settled(2)
        script.send(.reload)
        script.pass(150)
        script.send(.reload)
        for _ in 0..<20 {
            script.pass(100)
            for child in script.pool.processes where child.state == .stopping {
                if let process = child.process { script.end(process, .exited(0)) }
            }
        }
        #expect(script.workers.count == 2)
        #expect(script.pool.processes.allSatisfy { $0.generation == 2 })
    }

    @Test func `replaces a worker that dies meanwhile`() {
        var script = settled(3)
        script.send(.reload)
        #expect(script.end(102, .killed) == [])
        // The new one has taken its place, so the reload goes on with the next.
        script.pass(100)
        #expect(script.pool.processes.filter { $0.state == .running }.count >= 3)
    }
}
