internal import Kernel
internal import Synchronization

/// A line from the terminal that is not shown while it is typed.
final class HiddenInput: Sendable {
    private static let ends: Set<Signals.Signal> = [.interrupt, .terminate, .quit, .hangup]
    private static let longest = 4096
    private let isOver = Atomic(false)

    /// Asks on standard error and reads from standard input, which must be a terminal.
    static func ask(_ prompt: String) throws(Errno) -> [UInt8] { try HiddenInput().ask(prompt) }

    private func ask(_ prompt: String) throws(Errno) -> [UInt8] {
        // Ctrl-C must not leave a terminal behind that shows nothing: a thread takes the signal and mends that first.
        try Signals.block(Self.ends)
        let guardian = try BlockingThread(name: "terminal") { self.watch() }
        defer {
            isOver.store(true, ordering: .relaxed)
            guardian.join()
        }
        try Terminal.setEcho(0, false)
        defer {
            try? Terminal.setEcho(0, true)
            Console.write(2, "\n")
        }
        Console.write(2, prompt)
        return try line()
    }

    private func watch() {
        while !isOver.load(ordering: .relaxed) {
            guard let signal = (try? Signals.wait(for: Self.ends, timeoutMilliseconds: 50)) ?? nil else {
                continue
            }
            try? Terminal.setEcho(0, true)
            Console.write(2, "\n")
            // What the shell shows for a program that a signal ended.
            Processes.exit(128 + signal.rawValue)
        }
    }

    private func line() throws(Errno) -> [UInt8] {
        var line: [UInt8] = []
        while line.count < Self.longest {
            guard let byte = try Self.byte(), byte != UInt8(ascii: "\n") else { break }
            line.append(byte)
        }
        return line
    }

    private static func byte() throws(Errno) -> UInt8? {
        var byte: [UInt8] = [0]
        var failure: Errno?
        // Safe because the array bounds what is read.
        let got = unsafe byte.withUnsafeMutableBytes { place in
            do throws(Errno) { return unsafe try Files.read(0, into: place) } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return got == 0 ? nil : byte[0]
    }
}
