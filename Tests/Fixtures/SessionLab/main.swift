import FastCGI
import Glibc
import Logging
import Sessions
import Web

// A FastCGI worker that runs scripts of session operations, built on the public API alone.

func leave(_ code: Int32, _ message: String) -> Never {
    let line = Array("session-lab: \(message)\n".utf8)
    // Safe because the pointer and the count belong together.
    unsafe _ = write(2, line, line.count)
    exit(code)
}

let configuration: LabConfiguration
do throws(LabConfiguration.Failure) {
    configuration = try LabConfiguration(CommandLine.arguments.dropFirst())
} catch {
    leave(64, error.description)
}

let stopSignals = StopSignals()
let logger = Logger(label: "session-lab") { StreamLogHandler.standardError(label: $0) }
let store: any SessionStore
do throws(SessionStoreError) {
    switch configuration.store {
    case .memory: store = MemorySessionStore()
    case .files(let folder, let isExpress):
        var options = FileSessionStore.Options()
        options.layout = isExpress ? .express : .native
        store = try FileSessionStore(directory: folder, options: options, logger: logger)
    }
} catch {
    leave(78, "\(error)")
}

func failure(_ message: String, _ status: HTTPResponse.Status) -> Response {
    var response = Response.json(Script.error(message), status: status)
    if status == .serviceUnavailable { response.headers[.retryAfter] = "2" }
    return response
}

let cache = SiteOptions.Cache()
let sessions = SessionMiddleware(
    store: store,
    secrets: configuration.secrets,
    optionsOf: { (request) throws(SessionError) in try cache.options(of: request).session },
    generateID: configuration.ids,
    now: {
        var now = timespec()
        // Safe because the pointer lives for the call.
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return UnixTime(milliseconds: Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000)
    },
    onError: { error, _ in
        switch error {
        case let error as SessionError: failure(error.message, error.status)
        case is Script.Failed: failure("the handler failed", .internalServerError)
        default: failure("\(error)", .internalServerError)
        }
    },
    logger: logger
)

let lab: Handler = { request in
    // Options first, then the script: both are checked before any session work.
    do throws(SessionError) { _ = try cache.options(of: request) } catch {
        return failure(error.message, .internalServerError)
    }
    let script: Script
    do throws(Script.Malformed) {
        script = try Script(HTTPField.Name("X-Script").flatMap { request.header($0) } ?? "")
    } catch {
        return failure(error.message, .badRequest)
    }
    return try sessions { _, session in try script.run(&session) }(request)
}

var options = FastCGIServer.Options()
options.threads = configuration.threads
do {
    let socket: ListeningSocket = configuration.socket.map { .path($0, mode: 0o666) } ?? .inherited
    let server = try FastCGIServer(listener: try socket.open(), options: options, logger: logger)
    stopSignals.onArrival {
        server.stop()
        // Scripts that sleep longer than this are left behind.
        usleep(700_000)
        _exit(0)
    }
    server.run(lab)
    exit(0)
} catch {
    leave(70, "\(error)")
}
