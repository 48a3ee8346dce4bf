import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// Kept connections and slow handlers take nothing from others.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `05 fairness` {
        /// How many requests each of several visitors gets answered within a time, all at it at once.
        private func counts(_ nginx: Bench.Nginx, visitors: Int, milliseconds: Int64, _ jar: CookieJar) throws
            -> [Int]
        {
            let end = Clocks.monotonicMilliseconds() + milliseconds
            return try Parallel.run(visitors) { _ in
                let client = nginx.client(keepsConnection: true, timeout: 5)
                client.jar = jar
                var count = 0
                while Clocks.monotonicMilliseconds() < end {
                    let answer = try client.get("/dashboard")
                    guard answer.status == 200 else { throw BenchError("\(answer)") }
                    count += 1
                }
                return count
            }
        }

        @Test(arguments: [1, 2]) func `twelve visitors on four threads are served evenly`(_ processes: Int)
            throws
        {
            try Bench.with { bench in
                var options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
                options.processes = processes
                options.threads = 4 / processes
                let workers = try bench.workers(options)
                var server = NginxServer(workers.socket)
                server.keptConnections = 16
                let nginx = try bench.nginx(server)
                let owner = nginx.client()
                try owner.signIn()
                let counts = try counts(nginx, visitors: 12, milliseconds: 2000, owner.jar)
                let mean = Double(counts.reduce(0, +)) / 12
                #expect(mean > 20, "\(counts)")
                for count in counts { #expect(Double(count) >= mean / 2, "\(counts)") }
                // Afterwards, with all the connections kept and silent, a newcomer is served at once.
                var answer: HTTPAnswer?
                let wait = try Waiting.milliseconds { answer = try nginx.client().get("/dashboard") }
                #expect(answer?.status == 401)
                #expect(wait < 500)
            }
        }

        @Test func `connections that are kept and silent hold no thread`() throws {
            try Bench.with { bench in
                let labs = try bench.labs(threads: 2)
                var silent: [HeldConnection] = []
                for _ in 0..<40 { silent.append(HeldConnection(try Sockets.connect(unix: labs.socket))) }
                let nginx = try bench.nginx(NginxServer(labs.socket))
                let wait = try Waiting.milliseconds {
                    for _ in 0..<20 { _ = try nginx.client().run("incr n") }
                }
                #expect(wait < 5000)
                #expect(silent.count == 40)
            }
        }

        /// A descriptor that an array can hold.
        private final class HeldConnection {
            let descriptor: Descriptor
            init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
        }

        @Test func `a slow handler delays nobody while a thread is free`() throws {
            try Bench.with { bench in
                let labs = try bench.labs(threads: 4)
                var server = NginxServer(labs.socket)
                server.keptConnections = 16
                let nginx = try bench.nginx(server)
                let times = try Parallel.run(4) { number in
                    if number < 3 {
                        _ = try nginx.client().run("sleep 1500")
                        return [0.0]
                    }
                    // By now the three are in their handlers, or on their way: either way they must not be in the way.
                    let client = nginx.client(keepsConnection: true)
                    return try (0..<50).map { _ in
                        try Waiting.milliseconds { _ = try client.run("incr n") }
                    }
                }
                let quick = times[3]
                #expect(quick.count == 50)
                for time in quick { #expect(time < 1000, "\(quick)") }
            }
        }

        @Test func `what waits while all threads are busy is answered afterwards`() throws {
            try Bench.with { bench in
                let labs = try bench.labs(threads: 2)
                let nginx = try bench.nginx(NginxServer(labs.socket))
                let statuses = try Parallel.run(12) { _ in try nginx.client().run("sleep 100").answer.status }
                #expect(statuses == Array(repeating: 200, count: 12))
            }
        }
    }
}
