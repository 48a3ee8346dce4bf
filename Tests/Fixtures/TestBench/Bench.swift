internal import Foundation
public import Kernel
internal import Synchronization

/// The surroundings of one test: a folder, and the programs that were started in it.
///
/// Everything ends with ``with(_:)``, also when the test fails: programs by their number, then the folder. `LATCHKEY_KEEP=1` leaves the folder.
public final class Bench: Sendable {
    /// The folder; short, because it holds unix sockets.
    public let folder: String
    private let processes = Mutex<[ChildProcess]>([])

    private init() throws {
        let temporary = NSTemporaryDirectory()
        let parent =
            temporary.utf8.count > 40 ? "/tmp/" : temporary.hasSuffix("/") ? temporary : temporary + "/"
        folder = parent + Self.folderPrefix + String(UInt32.random(in: 0 ... .max), radix: 36)
        try Folder.make(folder)
    }

    /// How the folders of this process begin; what is left behind is found by it.
    public static let folderPrefix = "lkb\(Processes.id)-"

    /// Lends a bench to a body, and ends everything after it.
    public static func with<Value>(_ body: (Bench) throws -> Value) throws -> Value {
        let bench = try Bench()
        defer { bench.end() }
        do { return try body(bench) } catch {
            throw BenchError("\(error)\n\(bench.story)")
        }
    }

    /// Lends a bench to a body that waits, and ends everything after it.
    public static func with<Value>(_ body: (Bench) async throws -> Value) async throws -> Value {
        let bench = try Bench()
        defer { bench.end() }
        do { return try await body(bench) } catch {
            throw BenchError("\(error)\n\(bench.story)")
        }
    }

    /// The last words of all programs.
    public var story: String { processes.withLock { $0 }.map(\.tail).joined(separator: "\n") }

    /// Starts a program in the bench's folder.
    ///
    /// - Parameters:
    ///   - name: what it is called, and its files.
    ///   - path: the program's file.
    ///   - arguments: without argv[0].
    ///   - environment: more than PATH, HOME and LANG.
    ///   - input: what becomes descriptor 0; it stays the caller's. Nil is /dev/null.
    ///   - extra: what becomes descriptor 3, 4, …; they stay the caller's.
    /// - Returns: the process, which may not have got far yet.
    /// - Throws: where the program cannot be started.
    public func start(
        _ name: String,
        _ path: String,
        _ arguments: [String],
        environment: [String] = [],
        input: Int32? = nil,
        extra: [Int32] = []
    ) throws -> ChildProcess {
        let number = processes.withLock { $0.count }
        let outputFile = "\(folder)/\(number)-\(name).out"
        let logFile = "\(folder)/\(number)-\(name).log"
        let output = try Files.open(outputFile, [.write, .create, .append], mode: 0o600)
        let log = try Files.open(logFile, [.write, .create, .append], mode: 0o600)
        var descriptors: [Int32?] = [input, output.number, log.number]
        descriptors += extra.map(Optional.some)
        let own = ProcessInfo.processInfo.environment
        var lines = ["PATH=\(own["PATH"] ?? "/usr/bin:/bin")", "HOME=\(folder)", "LANG=C.UTF-8"]
        if let libraries = own["LD_LIBRARY_PATH"] { lines.append("LD_LIBRARY_PATH=\(libraries)") }
        let id: Int32
        do throws(Errno) {
            id = try Launcher.shared.spawn(
                path,
                arguments,
                environment: lines + environment,
                descriptors: descriptors,
                directory: folder
            )
        } catch {
            throw BenchError("\(path): \(error)")
        }
        let process = ChildProcess(name: name, id: id, outputFile: outputFile, logFile: logFile)
        processes.withLock { $0.append(process) }
        return process
    }

    /// Runs a program that reads `input` to its end; how it ended and what it wrote.
    public func run(
        _ name: String,
        _ path: String,
        _ arguments: [String],
        input: String = "",
        upTo seconds: Double = 30
    ) throws -> (end: Processes.End, output: String, log: String) {
        let file = "\(folder)/\(name).in"
        try Folder.write(input, to: file)
        let opened = try Files.open(file, [.read])
        let process = try start(name, path, arguments, input: opened.number)
        let end = try process.wait(upTo: seconds)
        return (end, process.output, process.log)
    }

    /// Runs a program that must end with 0.
    @discardableResult
    public func succeed(_ name: String, _ path: String, _ arguments: [String], input: String = "") throws
        -> String
    {
        let (end, output, log) = try run(name, path, arguments, input: input)
        guard end == .exited(0) else {
            throw BenchError("\(name) \(arguments.joined(separator: " ")) ended \(end): \(output)\(log)")
        }
        return output
    }

    /// Listens on a socket of the bench's folder; the descriptor is closed when `body` returns, so give it to programs there.
    public func listening<Value>(at path: String, _ body: (Int32) throws -> Value) throws -> Value {
        let socket = try Sockets.listen(unix: path)
        try Files.changeMode(of: path, to: 0o660)
        let value = try body(socket.number)
        return value
    }

    /// All programs that still run.
    public var running: [ChildProcess] { processes.withLock { $0 }.filter(\.isRunning) }

    private func end() {
        for process in processes.withLock({ $0 }).reversed() { process.kill() }
        // What a killed program had started has lost its parent, but not its folder.
        for stray in ProcessFacts.mentioning(folder) where stray != Processes.id {
            try? Processes.signal(stray, .kill)
        }
        if ProcessInfo.processInfo.environment["LATCHKEY_KEEP"] == nil { Folder.remove(folder) }
    }
}
