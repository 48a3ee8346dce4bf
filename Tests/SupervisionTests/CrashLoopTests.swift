import Foundation
import Kernel
import Supervision
import Testing

@Suite struct `A crash loop` {
    /// Workers that die by themselves after `life`; the starts that fall into the ten seconds with the most of them.
    private func mostStarts(workers: Int, life: Milliseconds, over span: Milliseconds) -> Int {
        var script = PoolScript(WorkerPoolOptions(workers: workers))
        script.send(.tick)
        var births: [Int32: Milliseconds] = [:]
        let end = script.now + span
        while script.now < end {
            for process in script.workers where births[process] == nil { births[process] = script.now }
            for (process, birth) in births.sorted(by: { $0.key < $1.key }) where script.now - birth >= life {
                births[process] = nil
                script.end(process, .exited(70))
            }
            script.pass(10)
        }
        let starts = script.workerStarts
        return starts.map { start in starts.filter { $0 >= start && $0 < start + 10_000 }.count }.max() ?? 0
    }

    @Test(arguments: [1, 2, 4, 8, 10], [0, 20, 90])
    func `costs at most ten starts in ten seconds`(_ workers: Int, _ life: Milliseconds) {
        #expect(mostStarts(workers: workers, life: life, over: 60_000) <= 10)
    }

    @Test(arguments: [1, 4, 10], [150, 400, 900])
    func `costs no more when workers die a little later`(_ workers: Int, _ life: Milliseconds) {
        #expect(mostStarts(workers: workers, life: life, over: 60_000) <= 10)
    }

    @Test func `waits a tenth of a second, twice that, and so on up to thirty seconds`() {
        var script = PoolScript(WorkerPoolOptions(workers: 1))
        script.send(.tick)
        var waits: [Milliseconds] = []
        for _ in 0..<12 {
            guard let process = script.workers.first else { break }
            script.end(process, .crashed)
            waits.append(script.pass { !$0.workers.isEmpty })
        }
        #expect(waits == [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000])
    }

    @Test func `leaves healthy workers alone, and is over when one lives`() {
        var script = PoolScript(WorkerPoolOptions(workers: 4))
        script.send(.tick)
        script.pass(20_000)
        script.end(104, .killed)
        script.end(105, .crashed)
        #expect(script.workers == [101, 102, 103])
        script.pass(100)
        #expect(script.workers == [101, 102, 103, 106])
        script.pass(10_000)
        // Forgotten: the next failure waits a tenth of a second again.
        script.end(106, .killed)
        script.end(107, .crashed)
        #expect(script.pass(99) == [])
        #expect(script.pass(1) == ["start worker 3"])
    }

    @Test func `is not what kill -9 makes: the pool is whole again at once`() {
        let seed =
            ProcessInfo.processInfo.environment["LATCHKEY_SEED"].flatMap(UInt64.init)
            ?? .random(in: 0...UInt64.max)
        var random = SeededGenerator(seed)
        var script = PoolScript(WorkerPoolOptions(workers: 8))
        script.send(.tick)
        script.pass(1000)
        for _ in 0..<600 {
            if let victim = script.workers.randomElement(using: &random) { script.end(victim, .killed) }
            #expect(script.workers.count == 8, "seed \(seed), at \(script.now)")
            script.pass(100)
        }
        #expect(script.workers.count == 8, "seed \(seed)")
    }

    @Test func `is held back as well when the kernel kills every worker at its start`() {
        var script = PoolScript(WorkerPoolOptions(workers: 2))
        script.send(.tick)
        let end = script.now + 10_000
        while script.now < end {
            for process in script.workers { script.end(process, .killed) }
            script.pass(10)
        }
        #expect(script.workerStarts.count <= 12)
    }

    @Test func `never makes the pool ask for a tick that does nothing`() {
        let seed =
            ProcessInfo.processInfo.environment["LATCHKEY_SEED"].flatMap(UInt64.init)
            ?? .random(in: 0...UInt64.max)
        for round in 0..<60 {
            var random = SeededGenerator(seed &+ UInt64(round))
            var script = PoolScript(
                WorkerPoolOptions(
                    workers: .random(in: 1...12, using: &random),
                    services: [.accounts, .nginx]
                )
            )
            script.send(.tick)
            for _ in 0..<80 {
                step(&script, &random)
                guard let next = script.pool.nextTick, next <= script.now else { continue }
                script.pass(0)
                #expect(script.pool.nextTick.map { $0 > script.now } ?? true, "seed \(seed), round \(round)")
            }
            finish(&script)
            #expect(script.exitCode == 0 || script.exitCode == 78, "seed \(seed), round \(round)")
        }
    }

    private func step(_ script: inout PoolScript, _ random: inout SeededGenerator) {
        let victim = script.running.keys.sorted().randomElement(using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: script.send(.more)
        case 1: script.send(.fewer)
        case 2: script.send(.reload)
        case 3: if let victim { script.end(victim, .killed) }
        case 4: if let victim { script.end(victim, .crashed) }
        case 5: if let victim { script.end(victim, .exited(78)) }
        case 6: script.pass(.random(in: 0...6_000, using: &random))
        default: script.pass(.random(in: 0...300, using: &random))
        }
    }

    private func finish(_ script: inout PoolScript) {
        script.send(.stop(.graceful))
        for _ in 0..<4 {
            script.pass(11_000)
            for process in script.running.keys.sorted() { script.end(process, .killed) }
        }
    }
}

/// SplitMix64: small, and the same everywhere for one seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
