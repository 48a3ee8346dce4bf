import FastCGIClient
import Kernel
import Logging
import Synchronization
import Testing
import Web

@testable import FastCGI

/// A server on a unix socket of its own, which ends with the test.
final class RunningServer: Sendable {
    let server: FastCGIServer
    let path: String
    private let thread: BlockingThread
    private let listener: Int32
    private let hasStopped = Mutex<Bool>(false)

    init(_ options: FastCGIServer.Options = .init(), _ handler: @escaping Handler = RunningServer.echo) throws
    {
        let number = RunningServer.next.add(1, ordering: .relaxed).newValue
        path = "/tmp/latchkey-fastcgi-\(Processes.id)-\(number).sock"
        listener = try ListeningSocket.path(path).open()
        let server = try FastCGIServer(listener: listener, options: options, logger: RunningServer.quiet)
        self.server = server
        thread = try BlockingThread(name: "serving") { server.run(handler) }
    }

    /// Starts, runs the test, stops, and removes the socket.
    static func with(
        _ options: FastCGIServer.Options = .init(),
        handler: @escaping Handler = RunningServer.echo,
        _ body: (RunningServer) throws -> Void
    ) throws {
        let running = try RunningServer(options, handler)
        defer { running.end() }
        try body(running)
    }

    /// Stops and waits until it has.
    func end() {
        server.stop()
        hasStopped.withLock { hasStopped in
            guard !hasStopped else { return }
            hasStopped = true
            thread.join()
            _ = Descriptor(owning: listener)
            try? Files.unlink(path)
        }
    }

    func connect() throws -> ClientConnection { try ClientConnection(unix: path) }

    /// Sends one request on a connection of its own.
    func answer(_ bytes: [UInt8], requestID: UInt16 = 1) throws -> ClientAnswer {
        var connection = try connect()
        return try connection.exchange(bytes, requestID: requestID)
    }

    /// Waits, up to ten seconds, until the counters are as wanted.
    func wait(
        until isSo: (FastCGIServer.Counters) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let end = Clocks.monotonicMilliseconds() + 10_000
        while !isSo(server.counters) {
            guard Clocks.monotonicMilliseconds() < end else {
                Issue.record("the counters stayed \(server.counters)", sourceLocation: sourceLocation)
                return
            }
            Clocks.sleep(nanoseconds: 500_000)
        }
    }

    /// Waits, up to ten seconds, until one connection waits for the rest of its request.
    func waitForPartial(sourceLocation: SourceLocation = #_sourceLocation) {
        let end = Clocks.monotonicMilliseconds() + 10_000
        while !server.table.withLock({ $0.slots.contains { $0.connection?.partial != nil } }) {
            guard Clocks.monotonicMilliseconds() < end else {
                Issue.record("nothing has arrived in part", sourceLocation: sourceLocation)
                return
            }
            Clocks.sleep(nanoseconds: 500_000)
        }
    }

    /// Answers with the method, the target and the body.
    static let echo: Handler = { request in
        Response(body: Array("\(request.method.rawValue) \(request.target) ".utf8) + request.body)
    }

    static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    private static let next = Atomic<Int>(0)
}

/// Lets threads wait until the test says so.
final class Turnstile: Sendable {
    private let isOpen = Atomic<Bool>(false)

    /// Returns when `open` has been called, and at last after ten seconds.
    func pass() {
        let end = Clocks.monotonicMilliseconds() + 10_000
        while !isOpen.load(ordering: .sequentiallyConsistent), Clocks.monotonicMilliseconds() < end {
            Clocks.sleep(nanoseconds: 500_000)
        }
    }

    func open() { isOpen.store(true, ordering: .sequentiallyConsistent) }
}
