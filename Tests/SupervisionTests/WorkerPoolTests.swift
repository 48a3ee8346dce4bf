import Kernel
import Supervision
import Testing

@Suite struct `A pool of workers` {
    private func settled(_ count: Int, services: [Service] = []) -> PoolScript {
        var script = PoolScript(WorkerPoolOptions(workers: count, services: services))
        script.send(.tick)
        script.pass(20_000)
        return script
    }

    @Test func `sends one worker ahead, and the others when it has lived a while`() {
        var script = PoolScript(WorkerPoolOptions(workers: 3, services: [.accounts]))
        #expect(script.send(.tick) == ["start accounts", "start worker 0"])
        #expect(script.pass(99) == [])
        #expect(script.pass(1) == ["start worker 1", "start worker 2"])
        #expect(script.pass(60_000) == [])
        #expect(script.pool.nextTick == nil)
    }

    @Test func `replaces at once what dies, in the same slot`() {
        var script = settled(3)
        #expect(script.end(102, .killed) == ["start worker 1"])
        #expect(script.end(103, .crashed) == ["start worker 2"])
        #expect(script.end(101, .exited(0)) == ["start worker 0"])
        #expect(script.workers == [104, 105, 106])
    }

    @Test func `does not care about strangers`() {
        var script = settled(2)
        #expect(script.end(4711, .exited(1)) == [])
        #expect(script.workers == [101, 102])
    }

    @Test func `brings any number of workers into its range`() {
        for (wished, taken) in [(-1, 1), (0, 1), (1, 1), (64, 64), (65, 64), (.max, 64)] {
            #expect(WorkerPoolOptions(workers: wished).workers == taken)
        }
    }

    @Test func `has one more or one fewer, within 1 and 64`() {
        var script = settled(2)
        #expect(script.send(.more) == ["start worker 2"])
        #expect(script.send(.fewer) == ["TERM 103"])
        #expect(script.end(103, .exited(0)) == [])
        #expect(script.send(.fewer) == ["TERM 102"])
        #expect(script.send(.fewer) == [])
        script.end(102, .exited(0))
        #expect(script.workers == [101])
        #expect(script.send(.scale(to: 500)).count == 63)
        #expect(script.send(.more) == [])
        #expect(script.workers.count == 64)
    }

    @Test func `kills a retired worker that does not go`() {
        var script = settled(2)
        #expect(script.send(.fewer) == ["TERM 102"])
        #expect(script.pass(9_999) == [])
        #expect(script.pass(1) == ["KILL 102"])
        #expect(script.end(102, .killed) == [])
    }

    @Test(arguments: [64, 78] as [Int32])
    func `stops with the code of a first worker that cannot start`(_ code: Int32) {
        var script = PoolScript(WorkerPoolOptions(workers: 4, services: [.accounts]))
        #expect(script.send(.tick) == ["start accounts", "start worker 0"])
        #expect(script.end(102, .exited(code)) == ["INT 101"])
        #expect(script.end(101, .exited(0)) == ["exit \(code)"])
        #expect(script.workerStarts.count == 1)
        #expect(script.messages.contains { $0.contains("cannot start (code \(code))") })
    }

    @Test func `stops when the worker program is not there`() {
        var pool = WorkerPool(WorkerPoolOptions(workers: 4))
        #expect(pool.handle(.tick, at: 0) == [.spawn(.worker(0))])
        let actions = pool.handle(.notStarted(.worker(0), code: 78, reason: "no such file"), at: 0)
        #expect(actions.last == .exit(78))
    }

    @Test func `goes on when a worker cannot start later, as after an update of the machine`() {
        var script = settled(3)
        #expect(script.end(101, .killed) == ["start worker 0"])
        script.pass(10)
        #expect(script.end(104, .exited(78)) == [])
        #expect(script.pass(99) == [])
        #expect(script.pass(1) == ["start worker 0"])
        #expect(script.exitCode == nil)
        #expect(script.workers == [102, 103, 105])
    }

    @Test func `restarts a service with a back-off of its own`() {
        var script = settled(1, services: [.accounts])
        #expect(script.end(101, .killed) == ["start accounts"])
        var waits: [Milliseconds] = []
        for process in Int32(103)...111 {
            script.end(process, .exited(70))
            waits.append(script.pass { $0.running[process + 1] != nil })
        }
        #expect(waits == [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600])
        // The workers did not notice.
        #expect(script.workers == [102])
    }

    @Test func `stops when a service cannot start, with the code that the service is given`() {
        var script = PoolScript(WorkerPoolOptions(workers: 1, services: [.nginx]))
        #expect(script.send(.tick) == ["start nginx", "start worker 0"])
        #expect(script.end(101, .exited(1)) == ["INT 102"])
        #expect(script.end(102, .exited(0)) == ["exit 78"])
    }
}
