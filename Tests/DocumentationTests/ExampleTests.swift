import FastCGI
import Foundation
import Kernel
import Logging
import SessionStoreTesting
import Sessions
import Testing
import Web

// What README and the articles show in Swift, compiled and run. `The documentation` compares the texts.

// begin: README
extension SessionKey where Value == Int { static var views: SessionKey<Int> { SessionKey("views") } }
// end: README

// begin: FromExpressSession
extension SessionKey where Value == String { static var user: SessionKey<String> { SessionKey("user") } }
// end: FromExpressSession

/// An example per main type, with nothing but the public API.
@Suite struct `The examples` {
    private let now: @Sendable () -> UnixTime = { UnixTime(milliseconds: 1_795_000_000_000) }
    private let store = MemorySessionStore()

    private func secrets() throws -> SessionSecrets {
        try SessionSecrets([Array("an example's secret of 32 bytes!".utf8)])
    }

    private func cookie(_ response: Response) -> String {
        String(response.headers[.setCookie]?.prefix { $0 != ";" } ?? "")
    }

    @Test func `count a visitor's views`() throws {
        let (store, secrets, now) = (store, try secrets(), now)
        // begin: README, Sessions
        let sessions = SessionMiddleware(store: store, secrets: secrets, now: now)
        let app = sessions { request, session in
            session[.views, default: 0] += 1
            return .text("seen \(session[.views] ?? 0) times")
        }
        // end: README, Sessions
        let first = try app(Request(.get, "/"))
        #expect(String(decoding: first.body, as: UTF8.self) == "seen 1 times")
        let second = try app(Request(.get, "/", headers: [(.cookie, cookie(first))]))
        #expect(String(decoding: second.body, as: UTF8.self) == "seen 2 times")
    }

    @Test func `sign in, show a dashboard, sign out`() throws {
        let (secrets, now) = (try secrets(), now)
        let sessions = SessionMiddleware(store: store, secrets: secrets, now: now)
        let isRight: @Sendable (String?, String?) -> Bool = { $0 == "johnDoe" && $1 == "password123" }
        // begin: FromExpressSession
        var routes = Router<Session>()
        routes.on(.post, "/login") { request, session in
            let form = try request.form()
            guard let name = try form.value("username"), isRight(name, try form.value("password")) else {
                return .text("Invalid username or password.", status: .unauthorized)
            }
            try session.regenerate()
            session[.user] = name
            return .text("Hello, \(name). You have been logged in.")
        }
        routes.on(.get, "/dashboard") { _, session in
            guard let user = session[.user] else {
                return .text("Access denied. Please log in first.", status: .unauthorized)
            }
            return .text("Welcome back, \(user)")
        }
        routes.on(.get, "/logout") { _, session in
            guard !session.isNew else { return .text("No active session found.") }
            try session.destroy()
            return .text("You have been logged out.")
        }
        let table = routes
        let app = sessions { request, session in try table.respond(to: request, &session) }
        // end: FromExpressSession

        let form: [(HTTPField.Name, String)] = [(.contentType, "application/x-www-form-urlencoded")]
        func text(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }
        let wrong = Array("username=johnDoe&password=no".utf8)
        #expect(try app(Request(.post, "/login", headers: form, body: wrong)).status == .unauthorized)
        let right = Array("username=johnDoe&password=password123".utf8)
        let signedIn = try app(Request(.post, "/login", headers: form, body: right))
        #expect(text(signedIn) == "Hello, johnDoe. You have been logged in.")
        let jar: [(HTTPField.Name, String)] = [(.cookie, cookie(signedIn))]
        #expect(text(try app(Request(.get, "/dashboard", headers: jar))) == "Welcome back, johnDoe")
        #expect(text(try app(Request(.get, "/logout", headers: jar))) == "You have been logged out.")
        #expect(try app(Request(.get, "/dashboard", headers: jar)).status == .unauthorized)
        #expect(text(try app(Request(.get, "/logout", headers: jar))) == "No active session found.")
    }

    @Test func `keep sessions in files, and list a user's`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/latchkey-example-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (secrets, now) = (try secrets(), now)
        let logger = Logger(label: "example")
        // begin: FromExpressSession
        var options = FileSessionStore.Options()
        options.layout = .express
        let store = try FileSessionStore(directory: folder, options: options, logger: logger)
        let sessions = SessionMiddleware(
            store: store,
            secrets: secrets,
            options: SessionOptions(.express),
            now: now
        )
        // end: FromExpressSession
        let app = sessions { _, session in
            session[.user] = "alice"
            return .text("")
        }
        _ = try app(Request(.get, "/"))
        let found = try store.sessions(ofUser: "alice", now: now())
        #expect(found.count == 1 && found.first?.names == ["user"])
        #expect(try store.destroySessions(ofUser: "alice") == 1)
    }

    @Test func `serve with FastCGI`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/latchkey-example-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let app: Handler = { request in .text("you asked for \(request.path)") }
        let path = folder + "/example.sock"
        let listener = try ListeningSocket.path(path).open()
        let server = try FastCGIServer(listener: listener, logger: Logger(label: "example"))
        let thread = try BlockingThread(name: "example") { server.run(app) }
        server.stop()
        thread.join()
        #expect(server.counters.connections == 0)
    }

    @Test(arguments: SessionStorePromise.allCases)
    func `hold a store to its promises`(_ promise: SessionStorePromise) throws {
        try promise.check(on: SessionStoreFixture { MemorySessionStore() })
    }

    @Test func `sign a form's token`() throws {
        let signer = TokenSigner(try secrets(), purpose: "form")
        #expect(signer.verify(signer.sign("this form"), of: "this form"))
        #expect(!signer.verify(signer.sign("this form"), of: "another"))
    }

    @Test func `read a site's options`() throws {
        let site = try SiteOptions("idle=15m; title='Our intranet'".utf8, others: ["title"])
        #expect(site.session.idleMilliseconds == 900_000 && site.others["title"] == "Our intranet")
    }
}
