import Testing
import Web

@Suite struct `A router` {
    private struct Visit: ~Copyable { var trail: [String] = [] }

    private static let router: Router<Visit> = {
        var router = Router<Visit>()
        for (method, path) in [
            (HTTPRequest.Method.get, "/"), (.get, "/login"), (.post, "/login"), (.post, "/logout"),
            (.get, "/auth-check/*"),
            (.get, "/auth-check/deep/*"), (.get, "/auth-check/whole"),
        ] {
            router.on(method, path) { request, visit in
                visit.trail.append("\(method) \(path)")
                return .text(request.method.rawValue)
            }
        }
        return router
    }()

    private static func ask(_ method: HTTPRequest.Method, _ path: String) throws -> (Response, [String]) {
        var visit = Visit()
        let response = try router.respond(to: Request(method, path), &visit)
        return (response, visit.trail)
    }

    @Test(
        arguments: [
            (.get, "/", "GET /"), (.get, "/login?x=/logout", "GET /login"), (.post, "/login", "POST /login"),
            (.get, "/auth-check/", "GET /auth-check/*"),
            (.get, "/auth-check/group:a,2fa", "GET /auth-check/*"),
            (.get, "/auth-check/deep/er", "GET /auth-check/deep/*"),
            (.get, "/auth-check/whole", "GET /auth-check/whole"),
            (.get, "http://host/login", "GET /login"),
        ] as [(HTTPRequest.Method, String, String)]
    )
    func `finds the endpoint of a method and a path`(
        method: HTTPRequest.Method,
        path: String,
        expected: String
    ) throws {
        #expect(try Self.ask(method, path).1 == [expected])
    }

    @Test(arguments: [
        ["/a/*", "/a/b/*", "/a/b/c"], ["/a/b/c", "/a/b/*", "/a/*"], ["/a/b/*", "/a/b/c", "/a/*"],
    ])
    func `prefers whole paths and longer beginnings, in whatever order they were added`(paths: [String])
        throws
    {
        var router = Router<String>()
        for path in paths {
            router.on(.get, path) { _, found in
                found = path
                return Response()
            }
        }
        for (path, expected) in [
            ("/a/x", "/a/*"), ("/a/b/x", "/a/b/*"), ("/a/b/c", "/a/b/c"), ("/a/b/", "/a/b/*"),
        ] {
            var found = ""
            _ = try router.respond(to: Request(.get, path), &found)
            #expect(found == expected)
        }
    }

    @Test(arguments: [
        "//login", "/login/", "/LOGIN", "/login;x", "/login%00", "/%6Cogin", "/log", "/loginx", "/auth-check",
        "/login\u{301}",
        "/login\r\n", "/./login", "/x/../login", "*", "/login#x",
    ])
    func `knows no other spelling of a path`(path: String) {
        #expect(throws: HTTPError(.notFound)) { try Self.ask(.get, path) }
    }

    @Test func `answers HEAD by GET`() throws {
        let (response, trail) = try Self.ask(.head, "/login")
        #expect(trail == ["GET /login"])
        #expect(text(response.body) == "HEAD")
    }

    @Test func `says which methods a path has`() throws {
        for method in [HTTPRequest.Method.put, .delete, .patch, .trace, .connect] {
            let error = #expect(throws: HTTPError.self) { try Self.ask(method, "/login") }
            #expect(error?.status == .methodNotAllowed)
            #expect(error?.headers[.allow] == "GET, POST, HEAD, OPTIONS")
        }
        let error = #expect(throws: HTTPError.self) { try Self.ask(.get, "/logout") }
        #expect(error?.headers[.allow] == "POST, OPTIONS")
        let (response, trail) = try Self.ask(.options, "/logout")
        #expect(response.status == .noContent)
        #expect(response.headers[.allow] == "POST, OPTIONS")
        #expect(trail.isEmpty)
    }

    @Test(arguments: ["FOO", "get", "-"])
    func `does not know every method`(method: String) throws {
        let method = try #require(HTTPRequest.Method(method))
        #expect(throws: HTTPError(.notImplemented)) { try Self.ask(method, "/login") }
    }

    @Test func `passes on what an endpoint throws, and lets the last endpoint count`() throws {
        struct Oops: Error {}
        var router = Router<Int>()
        router.on(.get, "/a") { _, _ in throw Oops() }
        var number = 1
        #expect(throws: Oops.self) { try router.respond(to: Request(.get, "/a"), &number) }
        router.on(.get, "/a") { _, number in
            number += 1
            return Response()
        }
        _ = try router.respond(to: Request(.get, "/a"), &number)
        #expect(number == 2)
        #expect(router.has(path: "/a"))
        #expect(!router.has(path: "/b"))
        #expect(throws: HTTPError(.notFound)) { try Router<Int>().respond(to: Request(.get, "/a"), &number) }
    }
}
