import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// Stopping answers what is in hand; the pool keeps its number.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `07 stopping` {
        @Test(arguments: [true, false]) func `TERM lets every request in hand be answered`(
            _ keepsConnections: Bool
        ) throws {
            try Bench.with { bench in
                let labs = try bench.labs(processes: 2, threads: 4)
                var server = NginxServer(labs.socket)
                server.keepsConnections = keepsConnections
                server.keptConnections = keepsConnections ? 16 : 0
                let nginx = try bench.nginx(server)
                // Connections that are kept and silent must not hold the stop up.
                for _ in 0..<4 { _ = try nginx.client().run("incr n") }
                let answers = try Parallel.run(9) { number in
                    if number == 8 {
                        // When all eight threads are in their handlers, which the last to come proves by its record.
                        try Waiting.until("eight requests in hand", upTo: 5) {
                            Folder.list(labs.sessions).count { $0.hasSuffix(".json") } >= 12
                        }
                        for lab in labs.processes { lab.signal(.terminate) }
                        return 200
                    }
                    let client = nginx.client()
                    let answer = try client.run("set a \(number)", "save", "sleep 500", "incr n")
                    #expect(answer.results.last == "1")
                    #expect(client.jar["sid"] != nil)
                    return answer.answer.status
                }
                #expect(answers == Array(repeating: 200, count: 9))
                for lab in labs.processes { #expect(try lab.wait(upTo: 5) == .exited(0)) }
                let answer = try nginx.client().get("/")
                #expect(answer.status == 502)
            }
        }

        /// A pool whose user `slow` takes about a second to sign in.
        private func slowPool(_ bench: Bench, _ body: (Bench.Pool, Bench.Nginx) throws -> Void) throws {
            try bench.makeUsers(at: "\(bench.folder)/users.db")
            try bench.addUser("slow", "a slow password", hashMemory: "64m", hashPasses: 12)
            let pool = try bench.serve(workers: 2, threads: 4)
            var server = NginxServer(pool.socket)
            server.keptConnections = 8
            try body(pool, try bench.nginx(server))
        }

        @Test(arguments: [Signals.Signal.terminate, .quit])
        func `a pool that is told to stop finishes its sign-ins`(_ signal: Signals.Signal) throws {
            try Bench.with { bench in
                try slowPool(bench) { pool, nginx in
                    let family = pool.supervisor.facts.descendants
                    let answers = try Parallel.run(3) { number in
                        if number < 2 {
                            let client = nginx.client()
                            let answer = try client.signIn("slow", "a slow password")
                            return "\(answer.status) \(client.jar["sid"] != nil)"
                        }
                        // Both hashes are being made: the accounts process works on both cores' worth of them.
                        let accounts = ProcessFacts(pool.accounts[0])
                        try Waiting.until("two hashes in the making", upTo: 5) {
                            accounts.residentKiB ?? 0 > 90_000
                        }
                        pool.supervisor.signal(signal)
                        return "200 true"
                    }
                    #expect(answers == Array(repeating: "200 true", count: 3))
                    #expect(try pool.supervisor.wait(upTo: 10) == .exited(0))
                    // Nobody is left behind, and neither is a socket.
                    #expect(family.allSatisfy { ProcessFacts($0).arguments.isEmpty })
                    for name in ["latchkey.sock", "accounts.sock", "control.sock"] {
                        #expect(!Folder.list(bench.folder).contains(name), "\(name)")
                    }
                }
            }
        }

        @Test func `INT stops a pool at once`() throws {
            try Bench.with { bench in
                try slowPool(bench) { pool, nginx in
                    let family = pool.supervisor.facts.descendants
                    let results = try Parallel.run(2) { number in
                        if number == 0 {
                            _ = try? nginx.client().signIn("slow", "a slow password")
                            return 0.0
                        }
                        let accounts = ProcessFacts(pool.accounts[0])
                        try Waiting.until("a hash in the making", upTo: 5) {
                            accounts.residentKiB ?? 0 > 60_000
                        }
                        return try Waiting.milliseconds { _ = try pool.supervisor.stop(.interrupt) }
                    }
                    #expect(results[1] < 3000)
                    try Waiting.until("the end of all", upTo: 3) {
                        family.allSatisfy { ProcessFacts($0).arguments.isEmpty }
                    }
                }
            }
        }

        @Test func `TTIN adds a worker and TTOU takes one away, never the last`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 2)
                let nginx = try bench.nginx(NginxServer(pool.socket))
                let member = nginx.client()
                try member.signIn()
                func expect(_ count: Int) throws {
                    try Waiting.until("\(count) workers", upTo: 5) { pool.workers.count == count }
                    #expect(try member.get("/dashboard").status == 200)
                }
                let first = pool.workers
                for count in [3, 4] {
                    pool.supervisor.signal(.moreWorkers)
                    try expect(count)
                    #expect(first.allSatisfy(pool.workers.contains))
                }
                for count in [3, 2, 1] {
                    pool.supervisor.signal(.fewerWorkers)
                    try expect(count)
                }
                let last = pool.workers
                pool.supervisor.signal(.fewerWorkers)
                // Of two that wait, the kernel gives the lower number first; so the one is taken before the other is sent.
                try Waiting.until("the signal to be taken") { !pool.supervisor.facts.hasWaitingSignals }
                pool.supervisor.signal(.moreWorkers)
                try expect(2)
                #expect(pool.workers.contains(last[0]))
            }
        }

        @Test func `taking a worker away loses no request`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 3, threads: 2)
                var server = NginxServer(pool.socket)
                server.keptConnections = 8
                server.directives = ["fastcgi_next_upstream error timeout;"]
                let nginx = try bench.nginx(server)
                let owner = nginx.client()
                try owner.signIn()
                let jar = owner.jar
                let ends = StopFlag()
                let failures = try Parallel.run(5) { number in
                    if number == 0 {
                        defer { ends.set() }
                        for (signal, count) in [
                            (Signals.Signal.fewerWorkers, 2), (.fewerWorkers, 1), (.moreWorkers, 2),
                            (.moreWorkers, 3),
                        ] {
                            pool.supervisor.signal(signal)
                            try Waiting.until("\(count) workers") { pool.workers.count == count }
                        }
                        return [0]
                    }
                    let client = nginx.client()
                    client.jar = jar
                    var bad: [Int] = []
                    while !ends.isSet {
                        let status = try client.get("/dashboard").status
                        if status != 200 { bad.append(status) }
                    }
                    return bad
                }
                #expect(failures == [[0], [], [], [], []])
            }
        }

        @Test func `a killed worker is replaced within a second`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 2)
                // One that dies within its first second has failed to start, and is waited for; so let these be older.
                try Waiting.until("workers that have served for a while", upTo: 5) {
                    pool.workers.allSatisfy { (ProcessFacts($0).age ?? 0) > 1.2 }
                }
                for victim in pool.workers {
                    let time = try Waiting.milliseconds {
                        SignalSender.kill(victim)
                        try Waiting.until("its replacement", upTo: 5) {
                            pool.workers.count == 2 && !pool.workers.contains(victim)
                        }
                    }
                    #expect(time < 1000)
                    #expect(pool.supervisor.log.contains("\(victim)"), "the log names who died")
                }
            }
        }

        @Test func `HUP replaces every worker and loses no request`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 2, threads: 2)
                var server = NginxServer(pool.socket)
                server.keptConnections = 8
                server.directives = ["fastcgi_next_upstream error timeout;"]
                let nginx = try bench.nginx(server)
                let owner = nginx.client()
                try owner.signIn()
                let jar = owner.jar
                let before = pool.workers
                let ends = StopFlag()
                let failures = try Parallel.run(4) { number in
                    if number == 0 {
                        defer { ends.set() }
                        pool.supervisor.signal(.hangup)
                        try Waiting.until("all new workers") {
                            let now = pool.workers
                            return now.count == 2 && now.allSatisfy { !before.contains($0) }
                        }
                        return [0]
                    }
                    let client = nginx.client()
                    client.jar = jar
                    var bad: [Int] = []
                    while !ends.isSet {
                        let status = try client.get("/dashboard").status
                        if status != 200 { bad.append(status) }
                    }
                    return bad
                }
                #expect(failures == [[0], [], [], []])
            }
        }

        @Test func `a supervisor that is killed takes its workers along`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 2)
                let family = pool.supervisor.facts.descendants
                #expect(family.count >= 3)
                _ = try pool.supervisor.stop(.kill)
                try Waiting.until("the workers' end", upTo: 5) {
                    family.allSatisfy { ProcessFacts($0).arguments.isEmpty }
                }
            }
        }

        @Test func `a second pool on the same sockets is refused, and the first goes on`() throws {
            try Bench.with { bench in
                let pool = try bench.serve()
                let words = Array(pool.supervisor.facts.arguments.dropFirst())
                let (end, _, log) = try bench.run("second", try BuiltPrograms.path("latchkey"), words)
                #expect(end == .exited(69))
                #expect(log.contains(pool.socket))
                let nginx = try bench.nginx(NginxServer(pool.socket))
                #expect(try nginx.client().signIn().status == 200)
            }
        }
    }
}
