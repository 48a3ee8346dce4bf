import TestBench
import Testing

/// One site for a whole suite: `latchkey serve` behind nginx, on a plain server and on one that says it is encrypted.
struct House: Sendable {
    let bench: Bench
    let pool: Bench.Pool
    let nginx: Bench.Nginx

    @TaskLocal static var shared: House?

    /// The house of the suite that runs.
    static var current: House { get throws { try #require(shared, "the suite has the trait .house") } }

    /// A visitor of the plain server.
    func visitor(keepsConnection: Bool = false) -> HTTPClient {
        nginx.client(0, keepsConnection: keepsConnection)
    }

    /// A visitor whose connection is said to be encrypted.
    func secureVisitor() -> HTTPClient {
        let client = nginx.client(1)
        client.isSecure = true
        return client
    }

    /// A visitor of a site below `/auth`.
    func visitorBelow() -> HTTPClient { nginx.client(2) }

    /// What the supervisor and all its children wrote so far.
    var log: String { pool.supervisor.log }

    /// Builds a house in a bench.
    static func build(_ bench: Bench) throws -> House {
        let pool = try bench.serve()
        let plain = NginxServer(pool.socket)
        var secure = NginxServer(pool.socket)
        secure.saysSecure = true
        let below = NginxServer(pool.socket, options: "base=/auth; title='Our \"<b>\" intranet'")
        return House(bench: bench, pool: pool, nginx: try bench.nginx(plain, secure, below))
    }
}

/// Runs a suite with a house of its own.
struct HouseTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Bench.with { bench in
            try await House.$shared.withValue(try House.build(bench)) { try await function() }
        }
    }
}

extension Trait where Self == HouseTrait {
    /// A pool and an nginx that all tests of the suite share.
    static var house: Self { Self() }
}
