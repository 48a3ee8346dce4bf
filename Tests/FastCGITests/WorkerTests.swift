import FastCGIClient
import Kernel
import Testing

/// A worker as a process of its own, where memory and descriptors can be counted.
///
/// It is the smallest worker there is, `Tests/Fixtures/HelloWorker`, built beside this test.
final class WorkerProcess: Sendable {
    let process: Int32
    let path: String
    private let listener: Int32

    /// Starts it with the listener as descriptor 0, as spawn-fcgi does, or as systemd does.
    init(_ name: String, isPassed: Bool = false) throws {
        path = "/tmp/latchkey-fastcgi-\(Processes.id)-\(name).sock"
        listener = try Sockets.listen(unix: path).release()
        let own = try Processes.executablePath()
        let program = own.prefix(upTo: own.lastIndex(of: "/") ?? own.endIndex) + "/hello-worker"
        let environment = Processes.environment("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH=\($0)"] } ?? []
        process =
            isPassed
            ? try Processes.spawn(
                "/bin/sh",
                arguments: ["sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \(program)"],
                environment: environment,
                descriptors: [nil, 1, 2, listener],
                diesWithParent: true
            )
            : try Processes.spawn(
                String(program),
                arguments: ["hello-worker"],
                environment: environment,
                descriptors: [listener, 1, 2],
                diesWithParent: true
            )
    }

    deinit {
        try? Processes.signal(process, .kill)
        _ = try? Processes.reap(process, wait: true)
        _ = Descriptor(owning: listener)
        try? Files.unlink(path)
    }

    func answer(_ bytes: [UInt8] = ClientRecords.request()) throws -> ClientAnswer {
        var connection = try ClientConnection(unix: path)
        return try connection.exchange(bytes)
    }

    /// How many descriptors it has open.
    func descriptors() throws -> Int {
        let folder = try Files.open("/proc/\(process)/fd", [.read, .directory])
        var count = 0
        try Files.forEachName(in: folder.number) { _ in
            count += 1
            return true
        }
        return count
    }

    /// Its resident memory in KiB.
    func memory() throws -> Int {
        let file = try Files.open("/proc/\(process)/status", .read)
        let text = String(decoding: try Files.readAll(file.number, limit: 65_536) ?? [], as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }

    /// Asks it to stop, and waits until it has ended.
    func stop() throws -> Processes.End? {
        try Processes.signal(process, .terminate)
        let end = Clocks.monotonicMilliseconds() + 10_000
        while Clocks.monotonicMilliseconds() < end {
            if let (_, end) = try Processes.reap(process, wait: false) { return end }
            Clocks.sleep(nanoseconds: 2_000_000)
        }
        return nil
    }
}

@Suite struct `A worker` {
    @Test func `takes its listener as descriptor 0`() throws {
        let worker = try WorkerProcess("zero")
        #expect(try worker.answer().text == "Hello")
        let end = try worker.stop()
        #expect(end == .exited(0))
    }

    @Test func `takes its listener from LISTEN_FDS`() throws {
        let worker = try WorkerProcess("passed", isPassed: true)
        #expect(try worker.answer().text == "Hello")
        let end = try worker.stop()
        #expect(end == .exited(0))
    }

    @Test func `has as many descriptors and as much memory after thousands of requests, right and wrong`()
        throws
    {
        let worker = try WorkerProcess("count")
        let run = MutationRun(path: worker.path, seed: 1)
        // Threads make what they need when they first need it.
        _ = try run.run(3_000)
        let descriptors = try worker.descriptors()
        let memory = try worker.memory()
        let kept = ClientRecords.request(keepsConnection: true)
        for _ in 0..<20 {
            var connection = try ClientConnection(unix: worker.path)
            for _ in 0..<50 { _ = try connection.exchange(kept) }
        }
        let random = SeededRandom()
        random.note()
        _ = try MutationRun(path: worker.path, seed: random.seed).run(5_000)
        let end = Clocks.monotonicMilliseconds() + 5_000
        // A thread may have made its memory file only now.
        let most = descriptors + 4
        while try worker.descriptors() > most, Clocks.monotonicMilliseconds() < end {
            Clocks.sleep(nanoseconds: 1_000_000)
        }
        let (after, memoryAfter) = (try worker.descriptors(), try worker.memory())
        #expect(after <= most)
        #expect(memoryAfter - memory < 2_048, "\(memory) KiB, then \(memoryAfter) KiB")
        let ended = try worker.stop()
        #expect(ended == .exited(0))
    }

    @Test func `answers the requests that are in hand when it is told to stop`() throws {
        let worker = try WorkerProcess("stop")
        let answered = SharedCounts(1)
        let path = worker.path
        let clients = try (0..<4).map { _ in
            try BlockingThread(name: "client") {
                do {
                    var connection = try ClientConnection(unix: path)
                    if try connection.exchange(ClientRecords.request("GET", "/slow?200")).status == 200 {
                        answered.add(0)
                    }
                } catch {
                    Issue.record(error)
                }
            }
        }
        // The worker has them all when nobody waits in the listener's queue and it has not answered yet.
        Clocks.sleep(nanoseconds: 100_000_000)
        let end = try worker.stop()
        for client in clients { client.join() }
        #expect(answered.all == [4])
        #expect(end == .exited(0))
    }
}
