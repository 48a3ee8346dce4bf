import TestBench
import Testing

/// One site and one browser for all tests of the suite: `latchkey serve` behind nginx, and chromium before it.
struct House: Sendable {
    let bench: Bench
    let pool: Bench.Pool
    let nginx: Bench.Nginx
    /// The port of chromedriver.
    let driver: UInt16
    let browser: Browser

    @TaskLocal static var shared: House?

    /// The house of the suite that runs.
    static var current: House { get throws { try #require(shared, "the suite has the trait .house") } }

    /// Scheme, host and port of the site.
    var site: String { "http://127.0.0.1:\(nginx.port)" }

    /// Lends a window to a visitor who has not been here before, and closes all windows of theirs afterwards.
    static func visitor<Value>(_ body: (Tab) throws -> Value) throws -> Value {
        let house = try current
        return try house.visitor(of: house.browser, body)
    }

    /// Lends a window of a browser of the test's own.
    static func visitor<Value>(_ options: Browser.Options, _ body: (Tab) throws -> Value) throws -> Value {
        let house = try current
        let profile = "\(house.bench.folder)/profile-\(UInt16.random(in: 0 ... .max))"
        try Folder.make(profile)
        let browser = try Browser.open(driver: house.driver, profile: profile, options)
        let result = Result { try house.visitor(of: browser, body) }
        try browser.close()
        return try result.get()
    }

    private func visitor<Value>(of browser: Browser, _ body: (Tab) throws -> Value) throws -> Value {
        let before = try browser.send("GET", "/window/handles") as? [String] ?? []
        let tab = try Tab.open(browser, site)
        try browser.develop("Network.clearBrowserCookies")
        _ = try tab.complaints
        let result = Result { try body(tab) }
        let after = try browser.send("GET", "/window/handles") as? [String] ?? []
        for handle in after where !before.contains(handle) {
            _ = try browser.send("POST", "/window", ["handle": handle])
            _ = try browser.send("DELETE", "/window")
        }
        if let first = before.first { _ = try browser.send("POST", "/window", ["handle": first]) }
        return try result.get()
    }

    /// Builds a house in a bench.
    static func build(_ bench: Bench) throws -> House {
        let pool = try bench.serve()
        var server = NginxServer(pool.socket)
        server.directives = [Self.scriptedPage]
        let nginx = try bench.nginx(server)
        let driver = try startDriver(bench)
        let profile = "\(bench.folder)/profile"
        try Folder.make(profile)
        let browser = try Browser.open(driver: driver, profile: profile)
        return House(bench: bench, pool: pool, nginx: nginx, driver: driver, browser: browser)
    }

    /// A page whose title says whether scripts run.
    private static let scriptedPage =
        #"location = /.bench/script { default_type text/html; return 200 "<!DOCTYPE html><title>still</title><body>.<script>document.title='scripted'</script>"; }"#

    /// Starts chromedriver; the free port that it chose.
    private static func startDriver(_ bench: Bench) throws -> UInt16 {
        let process = try bench.start(
            "chromedriver",
            try BuiltPrograms.system("chromedriver"),
            ["--port=0"],
            // What both programs leave behind lies in the bench's folder.
            environment: ["TMPDIR=\(bench.folder)"]
        )
        return try Waiting.value("chromedriver to say its port", upTo: 30) {
            guard process.isRunning else { throw BenchError(process.tail) }
            let words = process.output.split(whereSeparator: { " .\n".contains($0) })
            guard process.output.contains("started successfully on port"),
                let place = words.lastIndex(of: "port"), place + 1 < words.count
            else { return nil }
            return UInt16(words[place + 1])
        }
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
            let house = try House.build(bench)
            try await House.$shared.withValue(house) { try await function() }
            // Chromium ends its children when it is told to; the bench would have to find them.
            try house.browser.close()
        }
    }
}

extension Trait where Self == HouseTrait {
    /// A site and a browser that all tests of the suite share.
    static var house: Self { Self() }
}
