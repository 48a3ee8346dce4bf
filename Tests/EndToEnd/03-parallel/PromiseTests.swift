import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// What is promised of one session under many requests at once: no increment is lost, an end is final, readers wait for
    /// nobody, and a writer waits no longer than it was told.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(2))) struct `03 promises` {
        /// A visitor with a session: what its browser sends.
        private struct Visit: Sendable {
            let jar: CookieJar
            let id: String
            let cookie: String
        }

        /// One answer, and when it was asked for and there.
        private struct Timed: Sendable {
            let lab: LabAnswer
            let asked: Int64
            let answered: Int64

            init(_ ask: () throws -> LabAnswer) rethrows {
                asked = Clocks.monotonicNanoseconds()
                lab = try ask()
                answered = Clocks.monotonicNanoseconds()
            }

            var status: Int { lab.answer.status }
            var milliseconds: Int64 { (answered - asked) / 1_000_000 }
        }

        /// What came of one slow request against one logout.
        private struct Round: Sendable {
            /// The slow request began with the session and ended after its end.
            let met: Bool
            /// Cookies of new sessions.
            let begun: Int
        }

        /// Four processes with four threads each on one folder.
        private func withLabs(_ options: String = "", _ body: (Bench.Nginx, Bench.Workers) throws -> Void)
            throws
        {
            try Bench.with { bench in
                let labs = try bench.labs(processes: 4, threads: 4)
                var server = NginxServer(labs.socket, options: options)
                server.keptConnections = 16
                server.locations["/probe"] = "lock=1ms"
                server.locations["/short"] = "lock=200ms"
                try body(try bench.nginx(server), labs)
                #expect(labs.areAllRunning)
            }
        }

        private func begin(_ nginx: Bench.Nginx, _ operation: String) throws -> Visit {
            let client = nginx.client()
            let answer = try client.run(operation)
            #expect(answer.answer.status == 200)
            let cookie = try #require(client.jar.cookies.first)
            return Visit(jar: client.jar, id: try #require(answer.id), cookie: cookie.value)
        }

        private func client(_ nginx: Bench.Nginx, _ jar: CookieJar) -> HTTPClient {
            let client = nginx.client()
            client.jar = jar
            return client
        }

        /// Names of the records' files.
        private func records(_ labs: Bench.Workers) -> Set<String> {
            Set(Folder.list(labs.sessions).filter { $0.hasSuffix(".json") })
        }

        /// Waits until another request holds the lock of a session, by asking for it and not getting it.
        private func awaitHolder(_ nginx: Bench.Nginx, _ jar: CookieJar) throws {
            try Waiting.until("the lock to be held") {
                try client(nginx, jar).run("incr probes", at: "/probe").answer.status == 503
            }
        }

        /// Cookies that an answer sets, without those that end one.
        private func cookies(_ answer: LabAnswer) -> [String] {
            answer.answer.values("Set-Cookie").compactMap { line in
                let pair = line.prefix { $0 != ";" }
                let value = pair.drop { $0 != "=" }.dropFirst()
                return value.isEmpty ? nil : String(value)
            }
        }

        @Test func `1000 parallel increments of one session end at 1000`() throws {
            try withLabs { nginx, labs in
                let visit = try begin(nginx, "set begun true")
                let before = labs.processes.map { $0.facts.processorMilliseconds ?? 0 }
                let numbers = try Parallel.run(50) { _ in
                    try (0..<20).map { _ in
                        let answer = try client(nginx, visit.jar).run("incr n")
                        #expect(answer.answer.status == 200, "\(answer.answer)")
                        return try #require(answer.results.first.flatMap { Int($0) })
                    }
                }
                #expect(numbers.flatMap { $0 }.sorted() == Array(1...1000))
                #expect(try client(nginx, visit.jar).run("get n").results == ["1000"])
                for (process, start) in zip(labs.processes, before) {
                    #expect(process.facts.processorMilliseconds ?? 0 > start + 2, "one did no work")
                }
            }
        }

        @Test(arguments: ["", "profile=express"])
        func `500 slow requests against a logout bring nothing back`(_ options: String) throws {
            try withLabs(options) { nginx, labs in
                let visits = try Parallel.run(10) { thread in
                    try (0..<50).map { try begin(nginx, "set user \"x\(thread * 50 + $0)\"") }
                }.flatMap { $0 }
                let old = records(labs)
                #expect(old.count == 500)

                let rounds = try Parallel.run(10) { thread in
                    try (0..<50).map { try round(nginx, visits[thread * 50 + $0], thread * 50 + $0) }
                }.flatMap { $0 }
                #expect(rounds.count { $0.met } > 50, "too few of them met")

                // A record's name follows from its id, so an old name is an old session.
                let left = records(labs)
                #expect(left.isDisjoint(with: old), "\(left.intersection(old))")
                #expect(left.count == rounds.reduce(0) { $0 + $1.begun })
                for record in left {
                    #expect(!Folder.text(of: "\(labs.sessions)/\(record)").contains("\"user\""), "\(record)")
                }
            }
        }

        private func round(_ nginx: Bench.Nginx, _ visit: Visit, _ number: Int) throws -> Round {
            let pair = try Parallel.run(2) { side in
                if side == 0 {
                    return try Timed { try client(nginx, visit.jar).run("get user", "sleep 3", "set a 1") }
                }
                // Another moment of the slow request's life each time.
                Clocks.sleep(nanoseconds: Int64(number % 6) * 1_000_000)
                return try Timed { try client(nginx, visit.jar).run("destroy") }
            }
            let (slow, logout) = (pair[0], pair[1])
            #expect(slow.status == 200, "round \(number): \(slow.lab.answer)")
            #expect(logout.status == 200, "round \(number): \(logout.lab.answer)")

            let after = try client(nginx, visit.jar).run("keys")
            #expect(after.answer.status == 200)
            #expect(after.results == ["[]"], "round \(number): the session came back")
            #expect(after.values.isEmpty)
            #expect(after.answer.text.contains(#""new":true"#), "round \(number): \(after.answer)")
            #expect(after.id != visit.id)

            let set = [slow.lab, logout.lab, after].flatMap(cookies)
            #expect(!set.contains(visit.cookie), "round \(number): the old cookie was given out again")
            let knew = slow.lab.results.first == "\"x\(number)\""
            // One that came too late is a new visitor's.
            #expect(knew || slow.lab.results.first == "null")
            return Round(met: knew && logout.answered < slow.answered, begun: set.count)
        }

        @Test func `64 readers do not wait for a writer that keeps the lock for a second`() throws {
            try withLabs { nginx, _ in
                let visit = try begin(nginx, "set n 41")
                let writerAndReaders = try Parallel.run(2) { side in
                    if side == 0 {
                        return [try Timed { try client(nginx, visit.jar).run("incr n", "sleep 1000") }]
                    }
                    try awaitHolder(nginx, visit.jar)
                    return try Parallel.run(64) { _ in try Timed { try client(nginx, visit.jar).run("get n") }
                    }
                }
                let writer = try #require(writerAndReaders[0].first)
                #expect(writer.status == 200)
                #expect(writer.lab.results == ["42", "null"])
                #expect(writer.milliseconds >= 1000)
                for reader in writerAndReaders[1] {
                    #expect(reader.status == 200)
                    #expect(reader.lab.results == ["41"])
                    #expect(reader.answered < writer.answered)
                    #expect(reader.milliseconds < 1000)
                }
                #expect(writerAndReaders[1].count == 64)
                #expect(try client(nginx, visit.jar).run("get n").results == ["42"])
            }
        }

        @Test(arguments: ["set own 1 ; incr n", "set own 1"])
        func `a writer without the lock after 200 ms is answered 503 and stores nothing`(_ script: String)
            throws
        {
            try withLabs { nginx, _ in
                let visit = try begin(nginx, "set n 41")
                let holderAndWriters = try Parallel.run(2) { side in
                    if side == 0 {
                        return [try Timed { try client(nginx, visit.jar).run("incr n", "sleep 1000") }]
                    }
                    try awaitHolder(nginx, visit.jar)
                    return try Parallel.run(4) { _ in
                        try Timed { try client(nginx, visit.jar).run(script, at: "/short") }
                    }
                }
                let holder = try #require(holderAndWriters[0].first)
                #expect(holder.status == 200)
                #expect(holder.lab.results.first == "42")
                for writer in holderAndWriters[1] {
                    #expect(writer.status == 503, "\(writer.lab.answer)")
                    #expect(writer.lab.answer.values("Set-Cookie").isEmpty)
                    #expect(writer.milliseconds >= 200)
                    #expect(writer.answered < holder.answered)
                }
                let after = try client(nginx, visit.jar).run("incr n")
                #expect(after.results == ["43"])
                #expect(after.values["own"] == nil)
            }
        }

        @Test func `a page without the lock after 200 ms is 503 with Retry-After`() throws {
            try Bench.with { bench in
                // The lab on the worker's folder: the worker's own pages keep no lock for long.
                let worker = try bench.workers(Bench.WorkerOptions(accounts: try bench.accounts().socket))
                let labs = try bench.labs(processes: 4, threads: 4)
                var pages = NginxServer(worker.socket)
                // An id that is due for renewal takes the lock.
                pages.locations["/dashboard"] = "renew=1ms; lock=200ms"
                var scripts = NginxServer(labs.socket)
                scripts.locations["/probe"] = "lock=1ms"
                let nginx = try bench.nginx(scripts, pages)
                let member = nginx.client(1)
                try member.signIn()
                let jar = member.jar
                let old = records(labs)
                #expect(old.count == 1)
                let answers = try Parallel.run(2) { side in
                    if side == 0 { return try client(nginx, jar).run("incr n", "sleep 1000").answer }
                    try awaitHolder(nginx, jar)
                    let visitor = nginx.client(1)
                    visitor.jar = jar
                    return try visitor.get("/dashboard")
                }
                let (holder, page) = (answers[0], answers[1])
                #expect(holder.status == 200)
                #expect(page.status == 503, "\(page)")
                #expect(page.field("Retry-After").flatMap { Int($0) } ?? 0 > 0, "\(page)")
                #expect(page.values("Set-Cookie").isEmpty)
                #expect(records(labs) == old)
                #expect(try client(nginx, jar).run("get n").results == ["1"])
                // Once the lock is free, the same request has what it wanted.
                #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                #expect(member.jar["sid"] != jar["sid"])
            }
        }
    }
}
