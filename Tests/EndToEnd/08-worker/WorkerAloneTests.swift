import FastCGIClient
import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// A worker without a supervisor: on the socket that others give it.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `08 a worker alone` {
        private func expectService(_ bench: Bench, _ socket: String) throws {
            try Waiting.until("the worker") { (try? Sockets.connect(unix: socket)) != nil }
            let nginx = try bench.nginx(NginxServer(socket))
            let member = nginx.client()
            #expect(try member.signIn().text == Sentence.hello("johnDoe"))
            #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
            #expect(try member.get("/logout").text == Sentence.loggedOut)
        }

        private func words(_ bench: Bench) throws -> [String] {
            let options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
            return [try BuiltPrograms.path("latchkey-worker")] + (try bench.workerArguments(options))
        }

        @Test func `runs under spawn-fcgi`() throws {
            try Bench.with { bench in
                let socket = "\(bench.folder)/spawned.sock"
                let process = try bench.start(
                    "spawn-fcgi",
                    try BuiltPrograms.system("spawn-fcgi"),
                    ["-n", "-s", socket, "-M", "0660", "--"] + (try words(bench))
                )
                try expectService(bench, socket)
                #expect(try process.stop() == .exited(0))
            }
        }

        @Test func `takes the socket that systemd passes`() throws {
            try Bench.with { bench in
                let socket = "\(bench.folder)/passed.sock"
                let process = try bench.listening(at: socket) { listener in
                    // What systemd says to the process that it starts: so many, from descriptor 3 on, and for whom.
                    try bench.start(
                        "passed",
                        "/bin/sh",
                        ["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"", "sh"] + (try words(bench)),
                        extra: [listener]
                    )
                }
                try expectService(bench, socket)
                #expect(try process.stop() == .exited(0))
            }
        }

        private static let activator = try? BuiltPrograms.system("systemd-socket-activate")

        @Test(.enabled(if: activator != nil, "systemd-socket-activate is not installed"))
        func `runs under systemd-socket-activate`() throws {
            try Bench.with { bench in
                let socket = "\(bench.folder)/activated.sock"
                let process = try bench.start(
                    "activate",
                    try #require(Self.activator),
                    ["-l", socket] + (try words(bench))
                )
                try expectService(bench, socket)
                #expect(try process.stop() == .exited(0))
            }
        }

        @Test func `says what it lacks, and ends with the code for it`() throws {
            try Bench.with { bench in
                let program = try BuiltPrograms.path("latchkey-worker")
                let secrets = try bench.secrets()
                let right = ["--sessions", "\(bench.folder)/s", "--secrets", secrets]
                try Folder.write("short\n", to: "\(bench.folder)/short")
                let cases: [([String], Int32, String)] = [
                    ([], 64, "--sessions"), (["--sessions", "x"], 64, "--secrets"),
                    (["--nonsense"], 64, "--nonsense"),
                    (right + ["--threads", "0"], 64, "--threads"), (right + ["--threads"], 64, "--threads"),
                    (right + ["--body-limit", "1"], 64, "--body-limit"),
                    (right + ["--durability", "x"], 64, "--durability"),
                    (right + ["--allow-user", "no-such-user"], 64, "no-such-user"),
                    (right, 78, "descriptor 0"),
                    (
                        ["--sessions", "\(bench.folder)/s", "--secrets", "\(bench.folder)/nothing"], 78,
                        "nothing"
                    ),
                    (["--sessions", "\(bench.folder)/s", "--secrets", "\(bench.folder)/short"], 78, "32"),
                ]
                for (index, (words, code, mention)) in cases.enumerated() {
                    let (end, output, log) = try bench.run("case\(index)", program, words)
                    #expect(end == .exited(code), "\(words): \(log)")
                    #expect(output == "")
                    #expect(log.contains(mention), "\(words): \(log)")
                    #expect(log.split(separator: "\n").count == 1, "\(words): \(log)")
                }
                for word in ["--help", "--version"] {
                    let (end, output, log) = try bench.run("asks\(word)", program, [word])
                    #expect(end == .exited(0))
                    #expect(output.contains("latchkey-worker"))
                    #expect(log == "")
                }
            }
        }

        @Test func `serves only those who may pass requests`() throws {
            try Bench.with { bench in
                var options = Bench.WorkerOptions()
                options.flags = ["--allow-user", "www-data"]
                let workers = try bench.workers(options)
                // Root and the worker's own user always may.
                var connection = try ClientConnection(unix: workers.socket)
                #expect(try connection.exchange(ClientRecords.request("GET", "/")).text == Sentence.welcome)
                guard Processes.user == 0 else { return }
                try Files.changeMode(of: bench.folder, to: 0o755)
                try Files.changeMode(of: workers.socket, to: 0o666)
                // An nginx of each user passes the request on.
                for (user, status) in [("www-data www-data", 200), ("nobody nogroup", 502)] {
                    let answer = try bench.nginx(NginxServer(workers.socket), user: user).client().get("/")
                    #expect(answer.status == status, "\(user)")
                }
                #expect(workers.logLines.contains { $0.contains("reason=\"peer\"") })
            }
        }
    }
}
