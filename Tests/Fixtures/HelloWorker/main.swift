// The smallest worker: `hello-worker [PATH] [THREADS]` answers every request with a few words, until TERM.
//
// `/slow?MS` waits that long first, `/large?N` answers N bytes, `/echo` gives back the body.
import FastCGI
import Kernel
import Logging
import Web

let arguments = CommandLine.arguments.dropFirst()
let signals: Set<Signals.Signal> = [.terminate, .interrupt, .hangup, .user1, .user2]
do {
    // Before any thread starts, so that every thread has it.
    try Signals.block(signals)
    var options = FastCGIServer.Options()
    options.threads = arguments.dropFirst().first.flatMap { Int($0) } ?? options.threads
    let socket = arguments.first.map { ListeningSocket.path($0) } ?? .inherited
    let server = try FastCGIServer(
        listener: try socket.open(),
        options: options,
        logger: Logger(label: "hello")
    )
    let serving = try BlockingThread(name: "serving") {
        server.run { request in
            let number = Int(String(decoding: request.query, as: UTF8.self)) ?? 0
            switch request.path {
            case "/slow":
                Clocks.sleep(nanoseconds: Int64(number) * 1_000_000)
                return .text("slept")
            case "/large": return .text(String(repeating: "x", count: number))
            case "/echo": return Response(body: request.body)
            default: return .text("Hello")
            }
        }
    }
    _ = try Signals.wait(for: signals, timeoutMilliseconds: -1)
    server.stop()
    serving.join()
} catch {
    print("hello-worker: \(error)")
}
