import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// Sessions outlive the processes that serve them.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(2))) struct `02 sessions survive` {
        /// A visitor of each kind of connection to nginx, signed in.
        private struct Visitors {
            let bench: Bench
            let pool: Bench.Pool
            let nginx: Bench.Nginx
            let all: [HTTPClient]

            init(_ bench: Bench, workers: Int = 2) throws {
                self.bench = bench
                pool = try bench.serve(workers: workers)
                var closing = NginxServer(pool.socket)
                closing.keepsConnections = false
                closing.keptConnections = 0
                nginx = try bench.nginx(NginxServer(pool.socket), closing)
                all = [nginx.client(0), nginx.client(0, keepsConnection: true), nginx.client(1)]
                for visitor in all { try visitor.signIn() }
            }

            /// Nobody has lost the session, and nobody got another one.
            func expectWelcome(_ comment: Comment) throws {
                for visitor in all {
                    let cookie = visitor.jar["sid"]
                    for _ in 0..<4 {
                        let answer = try visitor.get("/dashboard")
                        #expect(answer.status == 200, comment)
                        #expect(answer.text == Sentence.welcomeBack("johnDoe"), comment)
                        #expect(answer.values("Set-Cookie").isEmpty, comment)
                    }
                    #expect(visitor.jar["sid"] == cookie, comment)
                }
            }
        }

        private func kill(_ processes: [Int32]) {
            for process in processes { SignalSender.kill(process) }
        }

        @Test func `the death of every worker, again and again`() throws {
            try Bench.with { bench in
                let visitors = try Visitors(bench)
                try visitors.expectWelcome("at first")
                for round in 1...3 {
                    let before = visitors.pool.workers
                    #expect(before.count == 2)
                    kill(before)
                    try Waiting.until("new workers") {
                        let now = visitors.pool.workers
                        return now.count == 2 && now.allSatisfy { !before.contains($0) }
                    }
                    try visitors.expectWelcome("after round \(round)")
                }
                // What was ended stays ended.
                let gone = visitors.all[0].jar["sid"] ?? ""
                _ = try visitors.all[0].get("/logout")
                kill(visitors.pool.workers)
                try Waiting.until("new workers") { visitors.pool.workers.count == 2 }
                let thief = visitors.nginx.client()
                thief.jar.plant("sid", gone)
                #expect(try thief.get("/dashboard").text == Sentence.denied)
            }
        }

        @Test func `a request comes while no worker lives`() throws {
            try Bench.with { bench in
                let visitors = try Visitors(bench)
                kill(visitors.pool.workers)
                // The socket is the supervisor's: the request waits in its queue and is answered by a new worker. Only what nginx
                // sends over a connection that it had kept to a dead worker can be lost, and GET is sent again.
                let answer = try visitors.nginx.client(1).get("/dashboard")
                #expect(answer.status == 401)
                try Waiting.until("new workers") { visitors.pool.workers.count == 2 }
                try visitors.expectWelcome("afterwards")
            }
        }

        @Test(arguments: [Bool](arrayLiteral: true, false))
        func `a restart of the whole pool`(_ gracefully: Bool) throws {
            try Bench.with { bench in
                let first = try Visitors(bench)
                try first.expectWelcome("at first")
                let workers = first.pool.workers + first.pool.accounts
                if gracefully {
                    #expect(try first.pool.supervisor.stop() == .exited(0))
                } else {
                    _ = try first.pool.supervisor.stop(.kill)
                }
                // Nobody is left: neither workers nor the accounts process.
                try Waiting.until("the pool's end") {
                    workers.allSatisfy { ProcessFacts($0).arguments.isEmpty }
                }
                #expect(try first.nginx.client().get("/dashboard").status == 502)

                _ = try bench.serve(workers: 3)
                try first.expectWelcome("after the restart")
                // Old and new live in one folder.
                let fresh = first.nginx.client()
                try fresh.signIn("janeSmith", "securePass")
                #expect(try fresh.get("/dashboard").text == Sentence.welcomeBack("janeSmith"))
            }
        }

        @Test func `the death of the accounts process`() throws {
            try Bench.with { bench in
                let visitors = try Visitors(bench)
                let before = visitors.pool.accounts
                #expect(before.count == 1)
                kill(before)
                try visitors.expectWelcome("without it")
                try Waiting.until("a new accounts process") {
                    visitors.pool.accounts.count == 1 && visitors.pool.accounts != before
                }
                let fresh = visitors.nginx.client()
                #expect(try fresh.signIn().status == 200)
            }
        }

        @Test func `an nginx that starts anew`() throws {
            try Bench.with { bench in
                let visitors = try Visitors(bench)
                let cookie = try #require(visitors.all[0].jar["sid"])
                _ = try visitors.nginx.process.stop(.quit)
                let nginx = try bench.nginx(NginxServer(visitors.pool.socket))
                let visitor = nginx.client()
                visitor.jar.plant("sid", cookie)
                #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
            }
        }
    }
}
