import Foundation
import TestBench
import Testing

/// The cases of express-session that an HTTP client can see, each through nginx and a lab; profile `express`.
@Suite(.site) enum ExpressCases {}

/// One nginx with a location for each set of options, and the labs behind it; shared by all cases.
struct Site: Sendable {
    let folder: String
    let nginx: Bench.Nginx

    @TaskLocal static var shared: Site?

    /// The site of the suite that runs.
    static var current: Site { get throws { try #require(shared, "the suite has the trait .site") } }

    static func build(_ bench: Bench) throws -> Site {
        let program = try BuiltPrograms.path("session-lab")
        try blockRecords(below: "\(bench.folder)/\(Lab.brokenSessions)")
        var upstreams = ""
        for lab in Lab.allCases {
            let socket = "\(bench.folder)/\(lab.rawValue).sock"
            _ = try bench.listening(at: socket) { listener in
                try bench.start(lab.rawValue, program, lab.arguments(bench.folder), input: listener)
            }
            upstreams += "upstream \(lab.rawValue) { server \"unix:\(socket)\"; keepalive 8; }\n"
        }
        var server = NginxServer("\(bench.folder)/memory.sock")
        server.directives = Location.allCases.map { $0.text() }
        return Site(folder: bench.folder, nginx: try bench.nginx(server, http: upstreams))
    }

    /// Puts a plain file where the store has each of its 256 folders of records: every read and write there fails (ENOTDIR).
    private static func blockRecords(below folder: String) throws {
        try Folder.make(folder)
        for number in 0..<256 {
            let name = String(number, radix: 16)
            try Folder.write("", to: "\(folder)/\(name.count == 1 ? "0" + name : name)")
        }
    }

    /// The file of a session of the lab `files`.
    func file(_ id: String?) -> String { "\(folder)/\(Lab.sessions)/\(id ?? "none").json" }

    /// A record as Express would read it; nil when there is none.
    func record(_ id: String?) -> [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(Folder.bytes(of: file(id)))) as? [String: Any]
    }

    func hasRecord(_ id: String?) -> Bool { FileManager.default.fileExists(atPath: file(id)) }
}

/// Builds the site around the suite.
struct SiteTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Bench.with { bench in
            try await Site.$shared.withValue(try Site.build(bench)) { try await function() }
        }
    }
}

extension Trait where Self == SiteTrait {
    /// A site that all cases share.
    static var site: Self { Self() }
}
