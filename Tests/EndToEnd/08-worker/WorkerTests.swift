import FastCGIClient
import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// `latchkey-worker` without its supervisor: what an operator can start it with, and how small and quick the shipped one is.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(2))) struct `08 the worker alone` {
        /// The worker of the release build: figures of a debug build say nothing.
        private func shipped() throws -> String {
            let folder = try #require(
                BuiltPrograms.releaseFolder,
                "no release build: swift build -c release --static-swift-stdlib --product latchkey-worker"
            )
            return folder + "/latchkey-worker"
        }

        private func expectWelcome(_ bench: Bench, _ socket: String) throws {
            let nginx = try bench.nginx(NginxServer(socket))
            let visitor = nginx.client()
            #expect(try visitor.get("/").text == "Welcome! Session demo is working.")
            #expect(try visitor.get("/dashboard").status == 401)
        }

        @Test func `serves under spawn-fcgi`() throws {
            try Bench.with { bench in
                let socket = bench.folder + "/spawned.sock"
                let words = ["-n", "-s", socket, "--", try shipped()]
                let process = try bench.start(
                    "spawn-fcgi",
                    try BuiltPrograms.system("spawn-fcgi"),
                    words + (try bench.workerArguments(Bench.WorkerOptions()))
                )
                try Waiting.until("the socket") { (try? Files.status(socket)) != nil }
                try expectWelcome(bench, socket)
                #expect(try process.stop() == .exited(0))
            }
        }

        @Test func `serves on a socket that systemd passes`() throws {
            try Bench.with { bench in
                let socket = bench.folder + "/passed.sock"
                let program = try shipped()
                let words = try bench.workerArguments(Bench.WorkerOptions())
                let process = try bench.listening(at: socket) { listener in
                    // What systemd does: descriptor 3, and the names say whose it is (sd_listen_fds(3)).
                    try bench.start(
                        "passed",
                        "/bin/sh",
                        [
                            "-c", "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\"",
                            program,
                        ] + words,
                        input: listener
                    )
                }
                try expectWelcome(bench, socket)
                #expect(try process.stop() == .exited(0))
            }
        }

        @Test func `has at most 8 MB resident after 10,000 requests`() throws {
            try Bench.with { bench in
                var options = Bench.WorkerOptions()
                options.program = try shipped()
                let workers = try bench.workers(options)
                let nginx = try bench.nginx(NginxServer(workers.socket))
                let visitor = nginx.client(keepsConnection: true)
                visitor.headers = [("Cookie", "sid=s%3Ax.y")]
                for round in 0..<10_000 {
                    let answer = try visitor.get(
                        round % 4 == 0 ? "/" : round % 4 == 1 ? "/login" : "/dashboard"
                    )
                    #expect(answer.status == 200 || answer.status == 401)
                }
                let resident = try #require(workers.processes[0].facts.residentKiB)
                print("a worker after 10,000 requests: \(resident) KiB resident")
                #expect(resident <= 8192)
            }
        }

        @Test func `answers within 10 ms of its start`() throws {
            try Bench.with { bench in
                let program = try shipped()
                let words = try bench.workerArguments(Bench.WorkerOptions())
                var best = Double.infinity
                for round in 0..<15 {
                    let socket = bench.folder + "/start-\(round).sock"
                    try bench.listening(at: socket) { listener in
                        // The request waits at the socket before there is a worker: its answer is the first sign of life.
                        var connection = try ClientConnection(unix: socket)
                        try connection.send(ClientRecords.request())
                        let started = Clocks.monotonicNanoseconds()
                        let process = try bench.start("start-\(round)", program, words, input: listener)
                        let answer = try connection.readAnswer()
                        best = min(best, Double(Clocks.monotonicNanoseconds() - started) / 1e6)
                        #expect(answer.status == 200)
                        _ = try process.stop()
                    }
                }
                print("a worker's first answer: \(best) ms after its start, the best of 15")
                #expect(best <= 10)
            }
        }
    }
}
