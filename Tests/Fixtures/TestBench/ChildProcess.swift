public import Kernel
internal import Synchronization

/// A program that a test started; it writes what it says into files of the test's folder.
public final class ChildProcess: Sendable {
    /// What it is called in errors and file names.
    public let name: String
    /// Its number.
    public let id: Int32
    /// The file of its standard output.
    public let outputFile: String
    /// The file of its standard error.
    public let logFile: String
    private let ended = Mutex<Processes.End?>(nil)

    init(name: String, id: Int32, outputFile: String, logFile: String) {
        self.name = name
        self.id = id
        self.outputFile = outputFile
        self.logFile = logFile
    }

    /// How it ended; nil while it runs.
    public var end: Processes.End? {
        ended.withLock { ended in
            if ended == nil { ended = (try? Processes.reap(id, wait: false))?.end }
            return ended
        }
    }

    /// Whether it has not ended.
    public var isRunning: Bool { end == nil }

    /// Sends a signal; one that has ended gets none.
    public func signal(_ signal: Signals.Signal) {
        ended.withLock { ended in
            if ended == nil { try? Processes.signal(id, signal) }
        }
    }

    /// Waits for its end.
    public func wait(upTo seconds: Double = 10) throws -> Processes.End {
        do { return try Waiting.value("the end of \(name)", upTo: seconds) { end } } catch {
            throw BenchError("\(error)\n\(tail)")
        }
    }

    /// Tells it to stop, and waits for its end.
    public func stop(_ signal: Signals.Signal = .terminate, upTo seconds: Double = 10) throws
        -> Processes.End
    {
        self.signal(signal)
        return try wait(upTo: seconds)
    }

    /// What it wrote to standard output so far.
    public var output: String { Folder.text(of: outputFile) }

    /// What it wrote to standard error so far.
    public var log: String { Folder.text(of: logFile) }

    /// The lines of standard error so far.
    public var logLines: [String] { log.split(separator: "\n").map(String.init) }

    /// The last lines of both, for errors.
    public var tail: String {
        let lines = (output + log).split(separator: "\n").suffix(20)
        return "\(name) (\(id)) \(end.map { "ended: \($0)" } ?? "runs"); it said:\n"
            + lines.joined(separator: "\n")
    }

    /// What the kernel says of it.
    public var facts: ProcessFacts { ProcessFacts(id) }

    /// Ends it at once, with everything that it started and that is still its descendant.
    func kill() {
        guard isRunning else { return }
        let family = ProcessFacts(id).descendants
        signal(.kill)
        for process in family { try? Processes.signal(process, .kill) }
        _ = try? wait(upTo: 10)
    }
}
