internal import Kernel
internal import Synchronization

/// Asks a site on the loopback until it answers 200, on a thread of its own.
final class ReadinessProbe: Sendable {
    private let isOver = Atomic(false)
    private let port: UInt16

    init(port: UInt16) { self.port = port }

    /// Begins; `onReady` runs once, on the probe's thread, and after `patience` milliseconds `onDelay` is told what the site last said.
    func start(
        patience: Int64 = 15_000,
        onReady: @escaping @Sendable () -> Void,
        onDelay: @escaping @Sendable (String) -> Void
    ) throws(Errno) -> BlockingThread {
        let begun = Clocks.monotonicMilliseconds()
        return try BlockingThread(name: "readiness") {
            var isLate = false
            while !self.isOver.load(ordering: .relaxed) {
                let answer = self.ask()
                if answer == "200" { return onReady() }
                if !isLate, Clocks.monotonicMilliseconds() - begun > patience {
                    isLate = true
                    onDelay(answer)
                }
                Clocks.sleep(nanoseconds: 20_000_000)
            }
        }
    }

    /// Ends the asking; the thread then ends within two seconds.
    func stop() { isOver.store(true, ordering: .relaxed) }

    /// The status of `GET /`, or what went wrong.
    private func ask() -> String {
        do throws(Errno) {
            let socket = try Sockets.connect(loopbackPort: port)
            try Sockets.setTimeouts(socket.number, receiveMilliseconds: 2000, sendMilliseconds: 2000)
            try Sockets.sendAll(
                socket.number,
                Array("GET / HTTP/1.0\r\nHost: localhost:\(port)\r\nUser-Agent: latchkey-dev\r\n\r\n".utf8)
            )
            guard let bytes = try Files.readAll(socket.number, limit: 1 << 20) else { return "too much" }
            // "HTTP/1.1 200 OK": the second word.
            let words = bytes.prefix(64).split(separator: UInt8(ascii: " "))
            guard words.count >= 2 else { return "nothing" }
            return String(decoding: words[1], as: UTF8.self)
        } catch {
            return "\(error)"
        }
    }
}
