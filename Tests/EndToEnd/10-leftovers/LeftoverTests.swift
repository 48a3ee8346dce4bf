import FastCGIClient
import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// Descriptors, threads and processes are the same before and after the work.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `10 nothing is left` {
        /// What each process of a pool has open.
        private struct Census: Equatable, CustomStringConvertible {
            let descriptors: [Int]
            let threads: [Int]
            var description: String { "descriptors \(descriptors), threads \(threads)" }

            init(_ pool: Bench.Pool) {
                let all = ([pool.supervisor.id] + pool.supervisor.facts.descendants).map(ProcessFacts.init)
                descriptors = all.map { $0.descriptors ?? -1 }
                threads = all.map { $0.threads ?? -1 }
            }
        }

        /// A closed connection is noticed a moment later.
        private func expectConnectionsToClose(_ pool: Bench.Pool) throws {
            try Waiting.until("connections to close") {
                pool.supervisor.facts.descendants.allSatisfy { process in
                    (ProcessFacts(process).descriptorTargets ?? []).count { $0.hasPrefix("socket:") } <= 4
                }
            }
        }

        @Test func `of requests of every kind`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 1, threads: 4)
                var server = NginxServer(pool.socket)
                server.keepsConnections = false
                server.keptConnections = 0
                let nginx = try bench.nginx(server)
                func work(_ rounds: Int) throws {
                    for round in 0..<rounds {
                        let member = nginx.client()
                        try member.signIn()
                        for form in Form.allCases { _ = try member.get("/dashboard", form.accept) }
                        _ = try nginx.client().signInByForm("nobody\(round)", "x")
                        _ = try nginx.client().get(
                            "/dashboard",
                            [("Cookie", "sid=" + Secret.cookie("../../x"))]
                        )
                        _ = try nginx.client().send(
                            "POST",
                            "/login",
                            body: .bytes([UInt8](repeating: 0, count: 60_000))
                        )
                        _ = try member.get("/logout")
                        for count in [0, 1, 7, 8, 9, 60] {
                            let connection = try ClientConnection(unix: pool.socket)
                            try connection.send(
                                Array(ClientRecords.request("GET", "/dashboard").prefix(count))
                            )
                        }
                    }
                }
                // The folders of a store are opened once and stay open: warm all 256 by enough sessions.
                try work(250)
                try expectConnectionsToClose(pool)
                let before = Census(pool)
                try work(250)
                try expectConnectionsToClose(pool)
                // New folders may still be opened, one each; connections and files of records must not stay.
                for (was, now) in zip(before.descriptors, Census(pool).descriptors) {
                    #expect(now < was + 256)
                }
                let family = [pool.supervisor.id] + pool.supervisor.facts.descendants
                for process in family {
                    let targets = ProcessFacts(process).descriptorTargets ?? []
                    let files = targets.filter {
                        $0.contains(".json") || $0.contains(".tmp")
                            || $0.contains("(deleted)") && !$0.hasPrefix("/memfd:")
                    }
                    #expect(files.isEmpty, "\(ProcessFacts(process).arguments.prefix(2)): \(files)")
                    // Each folder once.
                    let folders = targets.filter { $0.contains("/sessions") && !$0.contains("locks") }
                    #expect(
                        Set(folders).count == folders.count,
                        "\(folders.count - Set(folders).count) folders twice"
                    )
                    let sockets = targets.count { $0.hasPrefix("socket:") }
                    #expect(sockets <= 4, "\(ProcessFacts(process).arguments.prefix(2)): \(sockets) sockets")
                }
                #expect(Census(pool).threads == before.threads)
                #expect(pool.supervisor.facts.children.count == 2)
            }
        }

        @Test func `of deaths and replacements`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 2)
                let nginx = try bench.nginx(NginxServer(pool.socket))
                try nginx.client().signIn()
                let before = pool.supervisor.facts.descriptors
                for _ in 0..<3 {
                    let workers = pool.workers
                    for worker in workers { SignalSender.kill(worker) }
                    try Waiting.until("new workers", upTo: 20) {
                        pool.workers.count == 2 && !pool.workers.contains { workers.contains($0) }
                    }
                }
                #expect(pool.supervisor.facts.descriptors == before)
                // No zombie is left: every child is a worker or the accounts process.
                #expect(pool.supervisor.facts.children.count == 3)
                #expect(try nginx.client().signIn().status == 200)
            }
        }

        @Test func `of what a worker inherits`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 1)
                for worker in pool.workers + pool.accounts {
                    // As it starts: the listener, and twice the log.
                    let targets = ProcessFacts(worker).descriptorTargets ?? []
                    let control = targets.filter { $0.contains("control") || $0.contains("secrets") }
                    #expect(control.isEmpty, "\(targets)")
                }
            }
        }
    }
}
