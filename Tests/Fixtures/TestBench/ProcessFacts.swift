internal import Foundation
internal import Kernel

/// What /proc says of a process (proc(5)); asked for each time.
public struct ProcessFacts: Sendable {
    /// The process.
    public let id: Int32

    /// Facts about a process.
    public init(_ id: Int32) { self.id = id }

    /// Facts about this one.
    public static var own: ProcessFacts { ProcessFacts(Processes.id) }

    /// Memory that is in use, in KiB; nil when it has ended.
    public var residentKiB: Int? { status("VmRSS") }

    /// Its threads; nil when it has ended.
    public var threads: Int? { status("Threads") }

    /// How many descriptors are open; nil when it has ended or may not be looked at.
    public var descriptors: Int? { descriptorTargets?.count }

    /// What its descriptors are, `socket:[123]` or a path.
    public var descriptorTargets: [String]? {
        let folder = "/proc/\(id)/fd"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
        // The one that lists the folder is gone by the time its target is read.
        return names.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
        }
    }

    /// Its words, from argv[0] on; empty when it has ended.
    public var arguments: [String] {
        Folder.bytes(of: "/proc/\(id)/cmdline").split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Processor time that all its threads have used, in milliseconds (proc(5), schedstat); nil when it has ended.
    public var processorMilliseconds: Double? {
        guard let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task") else {
            return nil
        }
        let nanoseconds = threads.compactMap { thread in
            Folder.text(of: "/proc/\(id)/task/\(thread)/schedstat").split(separator: " ").first.flatMap {
                Int($0)
            }
        }
        return Double(nanoseconds.reduce(0, +)) / 1e6
    }

    /// Whether a signal was sent to it that it has not taken.
    public var hasWaitingSignals: Bool {
        let text = Folder.text(of: "/proc/\(id)/status")
        return text.split(separator: "\n").contains { line in
            (line.hasPrefix("ShdPnd:") || line.hasPrefix("SigPnd:"))
                && line.dropFirst(7).contains { "123456789abcdef".contains($0) }
        }
    }

    /// Seconds since it started; nil when it has ended.
    public var age: Double? {
        guard let fields = Self.stat(id), fields.count > 19, let start = Double(fields[19]),
            let up = Folder.text(of: "/proc/uptime").split(separator: " ").first.flatMap({ Double($0) })
        else { return nil }
        // In clock ticks since the machine started, a hundred to the second.
        return up - start / 100
    }

    /// Processes that it started and that run, or wait to be reaped.
    public var children: [Int32] { Self.parents().filter { $0.value == id }.map(\.key).sorted() }

    /// Its children, theirs, and so on.
    public var descendants: [Int32] {
        let parents = Self.parents()
        var found: [Int32] = []
        var level = [id]
        while !level.isEmpty {
            level = parents.filter { level.contains($0.value) }.map(\.key)
            found += level
        }
        return found.sorted()
    }

    /// All processes that have a text among their words or as the beginning of their folder.
    public static func mentioning(_ text: String) -> [Int32] {
        all().filter { process in
            if ProcessFacts(process).arguments.contains(where: { $0.contains(text) }) { return true }
            let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
            return folder?.hasPrefix(text) ?? false
        }
    }

    private func status(_ name: String) -> Int? {
        let text = Folder.text(of: "/proc/\(id)/status")
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }

    private static func all() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }
    }

    /// Every process with its parent.
    private static func parents() -> [Int32: Int32] {
        var parents: [Int32: Int32] = [:]
        for process in all() {
            if let fields = stat(process), fields.count > 1 { parents[process] = Int32(fields[1]) }
        }
        return parents
    }

    /// What follows the name in /proc/PID/stat: state, parent, ….
    private static func stat(_ process: Int32) -> [Substring]? {
        let text = Folder.text(of: "/proc/\(process)/stat")
        // The name may hold blanks and parentheses.
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[text.index(after: end)...].split(separator: " ")
    }
}
