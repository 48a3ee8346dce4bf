import Foundation
import Synchronization
import Testing
import Web

@testable import Sessions

/// A clock that stands still until it is moved.
final class StillClock: Sendable {
    private let instant: Mutex<UnixTime>

    init(_ text: String = "2026-11-23T08:00:00Z") {
        instant = Mutex(UnixTime(iso8601: Array(text.utf8)[...]) ?? UnixTime(milliseconds: 0))
    }

    var now: UnixTime { instant.withLock { $0 } }

    func advance(seconds: Int64) { instant.withLock { $0 = $0.advanced(byMilliseconds: seconds * 1000) } }
    func advance(milliseconds: Int64) { instant.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }
}

/// A middleware with a store, a clock and a browser's cookie jar: what a test asks of it is one line.
final class Visitor: Sendable {
    let store: any SessionStore
    let clock: StillClock
    let options: SessionOptions
    let secrets: SessionSecrets
    let middleware: SessionMiddleware
    private let cookies = Mutex<[String: String]>([:])
    private let tls = Mutex(false)

    var jar: [String: String] {
        get { cookies.withLock { $0 } }
        set { cookies.withLock { $0 = newValue } }
    }
    var isSecure: Bool {
        get { tls.withLock { $0 } }
        set { tls.withLock { $0 = newValue } }
    }

    init(
        _ options: SessionOptions = SessionOptions(),
        store: any SessionStore = MemorySessionStore(),
        clock: StillClock = StillClock(),
        secrets: [String] = ["0123456789abcdef0123456789abcdef"],
        generateID: SessionIDGenerator = .random
    ) throws {
        self.store = store
        self.clock = clock
        self.options = options
        self.secrets = try SessionSecrets(secrets.map { Array($0.utf8) })
        middleware = SessionMiddleware(
            store: store,
            secrets: self.secrets,
            options: options,
            generateID: generateID,
            now: { clock.now }
        )
    }

    /// Another browser at the same server.
    func stranger() throws -> Visitor {
        let secrets = secrets.secrets.map { String(decoding: $0, as: UTF8.self) }
        return try Visitor(options, store: store, clock: clock, secrets: secrets)
    }

    /// The same browser at a server that shares the store.
    func sameBrowser() throws -> Visitor {
        let other = try stranger()
        other.jar = jar
        return other
    }

    @discardableResult
    func visit(
        _ path: String = "/",
        headers: [(HTTPField.Name, String)] = [],
        _ body: @escaping SessionMiddleware.Endpoint
    ) throws -> Response {
        var headers = headers
        if !jar.isEmpty { headers.append((.cookie, jar.map { "\($0)=\($1)" }.joined(separator: "; "))) }
        let request = Request(.get, path, headers: headers, parameters: isSecure ? ["HTTPS": "on"] : [:])
        let response = try middleware(body)(request)
        for line in response.headers.values(for: .setCookie) { take(line) }
        return response
    }

    @discardableResult
    func visit(_ body: @escaping SessionMiddleware.Endpoint) throws -> Response { try visit("/", body) }

    /// Takes a cookie as a browser does: an end that has passed removes it.
    private func take(_ line: String) {
        let parts = line.components(separatedBy: "; ")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        if parts.contains("Expires=Thu, 01 Jan 1970 00:00:00 GMT") {
            jar[pair[0]] = nil
        } else {
            jar[pair[0]] = pair[1]
        }
    }

    func count() throws -> Int { try store.count() }
}

extension Response {
    var cookies: [String] { headers.values(for: .setCookie) }
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension SessionKey where Value == Int { static var views: SessionKey<Int> { SessionKey("views") } }
extension SessionKey where Value == String {
    static var user: SessionKey<String> { SessionKey("user") }
    static var theme: SessionKey<String> { SessionKey("theme") }
}

/// A small error for handlers that fail.
struct HandlerFailure: Error {}
