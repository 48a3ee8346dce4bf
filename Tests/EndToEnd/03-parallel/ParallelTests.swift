import TestBench
import Testing

extension EndToEnd {
    /// Requests of one session at once, over several processes on one folder and one socket.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(2))) struct `03 at the same time` {
        /// Two processes with four threads each, and a visitor's cookie.
        private func withLabs(
            keepsConnections: Bool = true,
            _ body: (Bench.Nginx, Bench.Workers, @escaping @Sendable () -> HTTPClient) throws -> Void
        ) throws {
            try Bench.with { bench in
                let labs = try bench.labs(processes: 2, threads: 4)
                var server = NginxServer(labs.socket)
                server.keepsConnections = keepsConnections
                server.keptConnections = keepsConnections ? 16 : 0
                server.locations["/fail"] = "conflict=fail"
                let nginx = try bench.nginx(server)
                let first = nginx.client()
                _ = try first.run("set begun true")
                let jar = first.jar
                #expect(jar["sid"] != nil)
                try body(nginx, labs) {
                    let client = nginx.client()
                    client.jar = jar
                    return client
                }
            }
        }

        /// Which of the processes took part, by the processor time that they used.
        private func expectAllWorked(_ labs: Bench.Workers, since before: [Double]) {
            let after = labs.processes.map { $0.facts.processorMilliseconds ?? 0 }
            for (start, end) in zip(before, after) {
                #expect(end > start + 2, "one process did all the work")
            }
        }

        @Test(arguments: [true, false])
        func `200 increments on one session give 200`(_ keepsConnections: Bool) throws {
            try withLabs(keepsConnections: keepsConnections) { _, labs, visitor in
                let before = labs.processes.map { $0.facts.processorMilliseconds ?? 0 }
                let results = try Parallel.run(20) { _ in
                    let client = visitor()
                    return try (0..<10).map { _ in
                        let answer = try client.run("incr n")
                        #expect(answer.answer.status == 200)
                        return try #require(answer.results.first.flatMap { Int($0) })
                    }
                }
                // Each number was given out once.
                #expect(results.flatMap { $0 }.sorted() == Array(1...200))
                #expect(try visitor().run("get n").results == ["200"])
                expectAllWorked(labs, since: before)
            }
        }

        @Test func `requests that assign different values both win`() throws {
            try withLabs { _, _, visitor in
                // Each holds the record that it read while the others write theirs.
                try Parallel.run(16) { number in
                    let answer = try visitor().run("get begun", "set k\(number) \(number)", "sleep 50")
                    #expect(answer.answer.status == 200)
                }
                let keys = (0..<16).map { "k\($0)" }
                let values = try visitor().run("keys").values
                for key in keys { #expect(values[key] == String(key.dropFirst())) }
                #expect(values["begun"] == "true")
            }
        }

        @Test func `an increment beside slow assignments loses nothing`() throws {
            try withLabs { _, _, visitor in
                try Parallel.run(12) { number in
                    if number % 3 == 0 {
                        _ = try visitor().run("set slow\(number) 1", "sleep 80")
                    } else {
                        for _ in 0..<10 { _ = try visitor().run("incr n") }
                    }
                }
                let values = try visitor().run("keys").values
                #expect(values["n"] == "80")
                for number in [0, 3, 6, 9] { #expect(values["slow\(number)"] == "1") }
            }
        }

        @Test func `of two that assign the same value the last wins, or the second is told`() throws {
            try withLabs { _, _, visitor in
                _ = try visitor().run("set x 0")
                let statuses = try Parallel.run(2) { number in
                    // Both read the same, then write.
                    try visitor().run("get x", "sleep 100", "set x \(number + 1)", at: "/fail").answer.status
                }
                #expect(statuses.sorted() == [200, 409])
                let again = try Parallel.run(2) { number in
                    try visitor().run("get x", "sleep 100", "set x \(number + 1)").answer.status
                }
                #expect(again == [200, 200])
            }
        }

        @Test func `signing out beats a slow request`() throws {
            try withLabs { nginx, labs, visitor in
                var begun = 1
                for round in 0..<100 {
                    let first = nginx.client()
                    _ = try first.run("set user \"u\(round)\"")
                    let jar = first.jar
                    // The end comes at another moment of the slow request's life each time, mostly between its read and its write.
                    let statuses = try Parallel.run(2) { number in
                        let client = nginx.client()
                        client.jar = jar
                        let answer: LabAnswer
                        switch (number, round % 4) {
                        case (0, 0): answer = try client.run("get user", "sleep 12", "set late 1", "incr n")
                        case (0, _): answer = try client.run("get user", "set late 1", "sleep 12")
                        default: answer = try client.run("sleep \(round % 16)", "destroy")
                        }
                        return answer.answer
                    }
                    #expect(statuses[0].status < 300)
                    #expect(statuses[1].status == 200)
                    // A slow request that began after the end has a session of its own, with a cookie of its own.
                    if statuses[0].values("Set-Cookie").contains(where: { !$0.hasPrefix("sid=;") }) {
                        begun += 1
                    }
                    let after = nginx.client()
                    after.jar = jar
                    let answer = try after.run("keys")
                    #expect(answer.results == ["[]"], "round \(round): the session came back")
                    #expect(answer.values.isEmpty)
                }
                // No other session than those is left.
                let files = Folder.list(labs.sessions).filter { $0.hasSuffix(".json") }
                #expect(files.count == begun, "\(files)")
                #expect(begun < 60, "too few rounds met")
                _ = try visitor().run("destroy")
            }
        }

        @Test func `two sign-ins on one cookie leave no mixed session`() throws {
            try Bench.with { bench in
                let pool = try bench.serve(workers: 2, threads: 4)
                let nginx = try bench.nginx(NginxServer(pool.socket))
                for round in 0..<10 {
                    let first = nginx.client()
                    try first.signIn()
                    let jar = first.jar
                    let users = [("johnDoe", "password123"), ("janeSmith", "securePass")]
                    let jars = try Parallel.run(2) { number in
                        let client = nginx.client()
                        client.jar = jar
                        let answer = try client.signIn(users[number].0, users[number].1)
                        #expect(answer.status == 200)
                        return client.jar
                    }
                    for (user, jar) in zip(users, jars) {
                        let client = nginx.client()
                        client.jar = jar
                        let text = try client.get("/dashboard").text
                        #expect(text == Sentence.welcomeBack(user.0), "round \(round)")
                    }
                    let thief = nginx.client()
                    thief.jar = jar
                    #expect(try thief.get("/dashboard").text == Sentence.denied)
                }
            }
        }

        @Test func `sign-ins at once are all right while an old hash is upgraded`() throws {
            try Bench.with { bench in
                try bench.makeUsers(at: "\(bench.folder)/users.db")
                for number in 0..<6 {
                    try bench.addUser("old\(number)", "an old password", hashMemory: "8m", hashPasses: 6)
                }
                let pool = try bench.serve(workers: 2, threads: 4)
                var server = NginxServer(pool.socket)
                server.keptConnections = 8
                let nginx = try bench.nginx(server)
                for number in 0..<6 {
                    // As many as one worker asks for at once; one more would be told to come back.
                    let statuses = try Parallel.run(3) { _ in
                        try nginx.client().signIn("old\(number)", "an old password").status
                    }
                    #expect(statuses == [200, 200, 200])
                }
                #expect(pool.supervisor.log.contains("password hash upgraded"))
            }
        }

        @Test func `nobody sees another's session`() throws {
            try Bench.with { bench in
                let labs = try bench.labs(processes: 2, threads: 4)
                var server = NginxServer(labs.socket)
                server.keptConnections = 16
                let nginx = try bench.nginx(server)
                let mixed = try Parallel.run(16) { number in
                    let client = nginx.client(keepsConnection: true)
                    _ = try client.run("set me \(number)")
                    return try (0..<60).count { _ in try client.run("get me").results != ["\(number)"] }
                }
                #expect(mixed == Array(repeating: 0, count: 16))
            }
        }

        @Test func `a lock that is not had in time is 503, and nothing is lost`() throws {
            try withLabs { _, _, visitor in
                // The first holds the session's lock for longer than the others may wait.
                let answers = try Parallel.run(3) { number in
                    try number == 0
                        ? visitor().run("incr n", "sleep 2900").answer
                        : visitor().run("sleep 200", "incr n").answer
                }
                #expect(answers[0].status == 200)
                for answer in answers.dropFirst() {
                    #expect(answer.status == 503)
                    #expect(answer.values("Set-Cookie").isEmpty)
                }
                #expect(try visitor().run("get n").results == ["1"])
                #expect(try visitor().run("incr n").results == ["2"])
            }
        }
    }
}
