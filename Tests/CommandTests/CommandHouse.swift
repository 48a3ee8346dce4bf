import Foundation
import Kernel
import Supervision

/// The built `latchkey` in a temporary folder of its own; what it started is ended, and the folder removed, by `end`.
final class CommandHouse {
    /// What a command that has ended left.
    struct Result {
        let code: Int32
        let output: String
        let talk: String
    }

    let folder: String
    private var started: [Process] = []

    init() throws {
        folder = "/tmp/latchkey-command-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// A file beside the test's own: built by the same build.
    static func built(_ name: String) throws -> String {
        let own = try Processes.executablePath()
        return (own as NSString).deletingLastPathComponent + "/\(name)"
    }

    /// Runs a command to its end.
    func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> Result
    {
        let (process, output, talk) = try make(arguments, environment)
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        try? pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: try text(output), talk: try text(talk))
    }

    /// Starts a command and leaves it running.
    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
        let (process, output, talk) = try make(arguments, environment)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        started.append(process)
        return Running(process: process, outputPath: output, talkPath: talk)
    }

    /// Writes a file into the folder and gives its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    func end() {
        for process in started where process.isRunning {
            process.interrupt()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func make(_ arguments: [String], _ environment: [String: String]) throws -> (
        Process, String, String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Self.built("latchkey"))
        process.arguments = arguments
        var all = ProcessInfo.processInfo.environment
        all.merge(environment) { $1 }
        process.environment = all
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        // Files and not pipes: a child that outlives its parent would keep a pipe open.
        let number = UInt64.random(in: 0...UInt64.max)
        let output = "\(folder)/output-\(number)"
        let talk = "\(folder)/talk-\(number)"
        for path in [output, talk] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: talk)
        return (process, output, talk)
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}

/// A command that runs.
struct Running {
    let process: Process
    let outputPath: String
    let talkPath: String

    var identifier: Int32 { process.processIdentifier }
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }
    var talk: String { (try? String(contentsOfFile: talkPath, encoding: .utf8)) ?? "" }

    func signal(_ signal: Signals.Signal) throws { try Processes.signal(identifier, signal) }

    /// Waits until it has ended; its code.
    func code() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// Waits for something that another process does, at most half a minute.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = Clocks.monotonicMilliseconds() + 30_000
    while Clocks.monotonicMilliseconds() < end {
        if try condition() { return true }
        Clocks.sleep(nanoseconds: 10_000_000)
    }
    return try condition()
}
