import Foundation
import Kernel
import Supervision
import Testing

/// `latchkey serve` with real children: the real accounts process, and a script in the place of the worker.
@Suite struct `latchkey serve` {
    private let house: CommandHouse

    init() throws { house = try CommandHouse() }

    private var control: String { "\(house.folder)/control.sock" }

    private func arguments(_ script: String, workers: Int = 3, more: [String] = []) throws -> [String] {
        let program = try house.write("worker", "#!/bin/sh\n\(script)\n", mode: 0o755)
        let folder = house.folder
        return [
            "serve", "--config", try house.write("latchkey.conf", "log-level = debug\n"),
            "--sessions", "\(folder)/sessions", "--users", "\(folder)/users.db", "--secrets",
            "\(folder)/secrets",
            "--socket", "\(folder)/latchkey.sock", "--accounts-socket", "\(folder)/accounts.sock",
            "--control-socket", control, "--workers", "\(workers)", "--worker-program", program,
        ] + more
    }

    private func workers() -> [Int32] {
        let answer = (try? ControlSocket.ask(.status, at: control)) ?? ""
        return answer.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("worker\t"), line.contains("state=running") else { return nil }
            return line.split(separator: "\t").first { $0.hasPrefix("pid=") }.flatMap {
                Int32($0.dropFirst(4))
            }
        }
    }

    @Test func `keeps the pool whole under kill -9, and stops with 0 and no leftovers`() throws {
        defer { house.end() }
        let pool = try house.start(try arguments("exec sleep 1000"))
        #expect(eventually { workers().count == 3 }, "\(pool.talk)")
        let before = workers()
        for process in before { try Processes.signal(process, .kill) }
        #expect(eventually { workers().count == 3 && Set(workers()).isDisjoint(with: before) })
        let children = workers()
        try pool.signal(.terminate)
        #expect(pool.code() == 0)
        #expect(children.allSatisfy { !Processes.exists($0) })
        let left = try FileManager.default.contentsOfDirectory(atPath: house.folder)
        #expect(!left.contains { $0.hasSuffix(".sock") })
    }

    @Test func `has one worker more on TTIN and one fewer on TTOU, or as many as it is told`() throws {
        defer { house.end() }
        let pool = try house.start(try arguments("exec sleep 1000"))
        #expect(eventually { workers().count == 3 }, "\(pool.talk)")
        try pool.signal(.moreWorkers)
        #expect(eventually { workers().count == 4 })
        try pool.signal(.fewerWorkers)
        try pool.signal(.fewerWorkers)
        // Two signals of one kind may become one (signal(7)).
        #expect(eventually { workers().count <= 3 })
        #expect(try ControlSocket.ask(.scale(to: 6), at: control).hasPrefix("ok\n"))
        #expect(eventually { workers().count == 6 })
        try pool.signal(.quit)
        #expect(pool.code() == 0)
    }

    @Test func `replaces every worker on HUP`() throws {
        defer { house.end() }
        let pool = try house.start(try arguments("while :; do sleep 1; done", workers: 2))
        #expect(eventually { workers().count == 2 }, "\(pool.talk)")
        let before = workers()
        try pool.signal(.hangup)
        #expect(eventually { workers().count == 2 && Set(workers()).isDisjoint(with: before) })
        // The number of workers is the flag's; what only the file says is taken anew.
        try house.write("latchkey.conf", "threads = 7\n")
        try pool.signal(.hangup)
        #expect(
            eventually {
                workers().count == 2 && workers().allSatisfy { commandLine($0).contains("--threads 7") }
            }
        )
        try house.write("latchkey.conf", "wrokers = 3\n")
        let good = workers()
        try pool.signal(.hangup)
        #expect(eventually { pool.talk.contains("reload refused") && pool.talk.contains("wrokers") })
        #expect(workers() == good)
        try pool.signal(.interrupt)
        #expect(pool.code() == 0)
    }

    @Test func `kills a worker that does not stop within the grace`() throws {
        defer { house.end() }
        let script = "trap '' TERM; while :; do sleep 1; done"
        let pool = try house.start(try arguments(script, workers: 1, more: ["--grace", "300ms"]))
        #expect(eventually { workers().count == 1 }, "\(pool.talk)")
        // The shell must have set its trap.
        let process = try #require(workers().first)
        #expect(eventually { ignored(process) & 1 << 14 != 0 })
        try pool.signal(.terminate)
        #expect(pool.code() == 0)
        #expect(pool.talk.contains("it is killed"))
        #expect(!Processes.exists(process))
    }

    private func commandLine(_ process: Int32) -> String {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/cmdline"))) ?? Data()
        return String(decoding: data.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
    }

    /// The signals that a process ignores; bit 0 is signal 1 (proc(5)).
    private func ignored(_ process: Int32) -> UInt64 {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
        return line.flatMap { UInt64($0.split(separator: "\t").last ?? "", radix: 16) } ?? 0
    }

    @Test(arguments: [64, 78] as [Int32])
    func `stops with the code of a worker that cannot start`(_ code: Int32) throws {
        defer { house.end() }
        let pool = try house.start(try arguments("echo 'no such folder' >&2; exit \(code)"))
        #expect(pool.code() == code)
        #expect(pool.talk.contains("no such folder"))
        #expect(pool.talk.contains("cannot start (code \(code))"))
    }

    @Test func `stops with 78 when there is no worker program`() throws {
        defer { house.end() }
        let pool = try house.start(try arguments("") + ["--worker-program", "/no/such/file"])
        #expect(pool.code() == 78)
        #expect(pool.talk.contains("/no/such/file"))
    }

    @Test func `starts a crashing worker at most ten times in ten seconds`() throws {
        defer { house.end() }
        let script = "echo x >> '\(house.folder)/starts'; exit 70"
        let pool = try house.start(try arguments(script))
        let count = { (try? Data(contentsOf: URL(fileURLWithPath: "\(house.folder)/starts")).count / 2) ?? 0 }
        #expect(eventually { count() >= 5 }, "\(pool.talk)")
        // 0, 0.1, 0.3, 0.7, 1.5 s: the sixth comes at 3.1 s, the seventh at 6.3 s.
        #expect(count() <= 6)
        #expect(pool.talk.contains("next try in 1.6 s"))
        try pool.signal(.terminate)
        #expect(pool.code() == 0)
    }

    @Test func `takes its children with it when it is killed`() throws {
        defer { house.end() }
        let pool = try house.start(try arguments("exec sleep 1000"))
        #expect(eventually { workers().count == 3 }, "\(pool.talk)")
        let children = workers()
        try pool.signal(.kill)
        _ = pool.code()
        // Somebody reaps them: process 1, or the test's own subreaper.
        #expect(eventually { children.allSatisfy { !isAlive($0) } })
        // And the next one takes the sockets that it left.
        let next = try house.start(try arguments("exec sleep 1000"))
        #expect(eventually { workers().count == 3 }, "\(next.talk)")
        try next.signal(.terminate)
        #expect(next.code() == 0)
    }

    /// A zombie is not alive, and yet it exists.
    private func isAlive(_ process: Int32) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return false
        }
        return line.split(separator: ")").last.map { !$0.hasPrefix(" Z") } ?? false
    }

    @Test func `takes a socket that its parent passed`() throws {
        defer { house.end() }
        let path = "\(house.folder)/passed.sock"
        let socket = try Sockets.listen(unix: path)
        let script = "readlink /proc/$$/fd/0 > '\(house.folder)/socket'; exec sleep 1000"
        let process = try Processes.spawn(
            try CommandHouse.built("latchkey"),
            arguments: ["latchkey"] + (try arguments(script, workers: 1)),
            environment: ["PATH=/usr/bin:/bin", "LISTEN_FDS=1"],
            descriptors: [nil, nil, nil, socket.number]
        )
        let target = { (try? String(contentsOfFile: "\(house.folder)/socket", encoding: .utf8)) ?? "" }
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(socket.number)")
        #expect(eventually { target() == own + "\n" })
        try Processes.signal(process, .terminate)
        #expect(try Processes.reap(process, wait: true)?.end == .exited(0))
        // It is the parent's: neither replaced nor removed.
        #expect(try Files.isSocket(path))
        #expect(!FileManager.default.fileExists(atPath: "\(house.folder)/latchkey.sock"))
    }

    @Test func `refuses a socket that another one serves, and leaves it alone`() throws {
        defer { house.end() }
        let first = try house.start(try arguments("exec sleep 1000", workers: 1))
        #expect(eventually { workers().count == 1 }, "\(first.talk)")
        let second = try house.start(try arguments("exec sleep 1000", workers: 1))
        #expect(second.code() == 69)
        #expect(second.talk.contains("is already served by another process"))
        #expect(try Sockets.connect(unix: "\(house.folder)/latchkey.sock").number > 0)
        try first.signal(.terminate)
        #expect(first.code() == 0)
    }

    @Test func `gives its workers the socket as descriptor 0 and nothing else`() throws {
        defer { house.end() }
        let script = "ls -l /proc/$$/fd > '\(house.folder)/descriptors'; exec sleep 1000"
        let pool = try house.start(try arguments(script, workers: 1))
        let listing = { (try? String(contentsOfFile: "\(house.folder)/descriptors", encoding: .utf8)) ?? "" }
        #expect(eventually { listing().contains("socket:") }, "\(pool.talk)")
        let numbers = listing().split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropLast(2).last.flatMap { Int($0) }
        }
        // 10 and above are the shell's own copy of its script.
        #expect(numbers.filter { $0 < 10 } == [0, 1, 2], "\(listing())")
        try pool.signal(.terminate)
        #expect(pool.code() == 0)
    }
}
