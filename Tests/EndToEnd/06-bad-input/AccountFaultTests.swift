import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// An accounts process that is not there, does not answer, or says nonsense.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `06 no accounts process` {
        private func expectUnavailable(_ nginx: Bench.Nginx, _ workers: Bench.Workers) throws {
            for form in Form.allCases {
                let visitor = nginx.client()
                let token = try visitor.get("/login", form.accept).token ?? ""
                let before = workers.logLines.count
                let fields = [("username", "johnDoe"), ("password", "password123"), ("token", token)]
                var answer: HTTPAnswer?
                let time = try Waiting.milliseconds {
                    answer = try visitor.post("/login", fields, form.accept)
                }
                #expect(answer?.status == 503)
                #expect(answer?.says("Sign-in is not available at the moment.", in: form) == true)
                #expect(answer?.field("Content-Type") == form.contentType)
                #expect(answer?.field("Retry-After").flatMap { Int($0) } ?? 0 > 0)
                #expect(answer?.values("Set-Cookie").contains { $0.hasPrefix("sid=") } == false)
                #expect(time < 7000)
                let lines = workers.logLines.dropFirst(before)
                #expect(
                    lines.contains { $0.contains("level=error") && $0.contains("login impossible") },
                    "\(lines)"
                )
                #expect(!lines.contains { $0.contains("password123") })
            }
            #expect(workers.areAllRunning)
        }

        @Test func `without the flag nobody can sign in, and all else works`() throws {
            try Bench.with { bench in
                let workers = try bench.workers()
                let nginx = try bench.nginx(NginxServer(workers.socket))
                try expectUnavailable(nginx, workers)
                #expect(try nginx.client().get("/").text == Sentence.welcome)
                #expect(try nginx.client().get("/dashboard").text == Sentence.denied)
                #expect(try nginx.client().get("/logout").text == Sentence.noSession)
            }
        }

        @Test func `a socket that nobody made, and one that nobody serves`() throws {
            try Bench.with { bench in
                let dead = "\(bench.folder)/dead.sock"
                _ = try bench.listening(at: dead) { $0 }
                for path in ["\(bench.folder)/nothing.sock", dead, bench.folder, "/dev/null"] {
                    let workers = try bench.workers(Bench.WorkerOptions(accounts: path))
                    try expectUnavailable(try bench.nginx(NginxServer(workers.socket)), workers)
                }
            }
        }

        @Test func `one that hangs holds up sign-ins alone, and sessions go on`() throws {
            try Bench.with { bench in
                let accounts = try bench.accounts()
                var options = Bench.WorkerOptions(accounts: accounts.socket)
                options.threads = 3
                let workers = try bench.workers(options)
                var server = NginxServer(workers.socket)
                server.keptConnections = 8
                let nginx = try bench.nginx(server)
                let member = nginx.client()
                try member.signIn()
                let jar = member.jar
                accounts.process.signal(.stop)
                defer { accounts.process.signal(.continue) }
                let results = try Parallel.run(5) { (number: Int) throws -> [Double] in
                    let client = nginx.client()
                    // More sign-ins at once than threads.
                    if number > 0 { return [Double(try client.signIn().status)] }
                    client.jar = jar
                    var times: [Double] = []
                    for _ in 0..<60 {
                        Clocks.sleep(nanoseconds: 20_000_000)
                        var status = 0
                        times.append(
                            try Waiting.milliseconds { status = try client.get("/dashboard").status }
                        )
                        guard status == 200 else { throw BenchError("the dashboard answered \(status)") }
                    }
                    return times
                }
                for times in results.dropFirst() { #expect(times == [503]) }
                for time in results[0] { #expect(time < 1000, "\(results[0])") }
                accounts.process.signal(.continue)
                try Waiting.until("a sign-in", upTo: 5) { try nginx.client().signIn().status == 200 }
            }
        }

        @Test(arguments: ["", "garbage\n", "\u{0}\u{0}\u{0}\u{0}", "close"])
        func `one that says nonsense signs nobody in`(_ nonsense: String) throws {
            try Bench.with { bench in
                let path = "\(bench.folder)/odd.sock"
                let listener = try Sockets.listen(unix: path)
                let number = listener.number
                let workers = try bench.workers(Bench.WorkerOptions(accounts: path))
                let nginx = try bench.nginx(NginxServer(workers.socket))
                let ends = StopFlag()
                let thread = try BlockingThread(name: "odd") {
                    while !ends.isSet {
                        guard let taken = try? Sockets.accept(number, nonBlocking: false) else {
                            Clocks.sleep(nanoseconds: 1_000_000)
                            continue
                        }
                        if nonsense != "close" {
                            try? Sockets.sendAll(
                                taken.number,
                                Array(nonsense.utf8) + [UInt8](repeating: 0xFF, count: 100_000)
                            )
                        }
                    }
                }
                defer {
                    ends.set()
                    thread.join()
                }
                try expectUnavailable(nginx, workers)
            }
        }
    }
}
