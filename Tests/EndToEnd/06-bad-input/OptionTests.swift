import TestBench
import Testing

extension EndToEnd {
    /// A site file that is wrong closes the door and says why.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `06 bad options` {
        static let wrong: [(options: String, log: [String])] = [
            ("idel=30m", ["idel", "idle"]),
            ("idle=30", ["idle"]),
            ("idle=-1s", ["idle"]),
            ("idle=30m; idle=40m", ["idle"]),
            ("rolling=on; rolling=on", ["rolling"]),
            ("rolling=yes", ["rolling"]),
            ("secure=true", ["secure"]),
            ("same-site=loose", ["same-site"]),
            ("samesite=lax", ["samesite", "same-site"]),
            ("path=relative", ["path"]),
            ("name=not a token", ["name"]),
            ("max-age=forever", ["max-age"]),
            ("max-age=99999999999999999999999s", ["max-age"]),
            ("expires=tomorrow", ["expires"]),
            ("base=auth", ["base"]),
            ("base=//evil", ["base"]),
            ("theme=pink", ["theme"]),
            ("title='open", ["title"]),
            ("=x", []),
            ("rolling", ["rolling"]),
            ("rolling=on; nonsense", ["nonsense"]),
            ("secret=abc", ["secret"]),
            ("store=memory", ["store"]),
            ("Rolling=on", ["Rolling", "rolling"]),
            ("lock=2h", ["lock"]),
        ]

        @Test func `each is 500 everywhere with one line that says which`() throws {
            try Bench.with { bench in
                let workers = try bench.workers(Bench.WorkerOptions(accounts: try bench.accounts().socket))
                var server = NginxServer(workers.socket)
                for (index, entry) in Self.wrong.enumerated() {
                    server.locations["/wrong\(index)/"] = entry.options
                }
                let nginx = try bench.nginx(server)
                let member = nginx.client()
                try member.signIn()
                for (index, entry) in Self.wrong.enumerated() {
                    let before = workers.logLines.count
                    for form in Form.allCases {
                        let answer = try member.get("/wrong\(index)/dashboard", form.accept)
                        #expect(answer.status == 500, "\(entry.options)")
                        #expect(answer.values("Set-Cookie").isEmpty)
                        // The visitor is not told what the operator got wrong.
                        for word in entry.log { #expect(!answer.text.contains("\"\(word)\"")) }
                        #expect(answer.field("X-Content-Type-Options") == "nosniff")
                    }
                    let lines = workers.logLines.dropFirst(before)
                    #expect(!lines.isEmpty, "\(entry.options) is in no log")
                    for word in entry.log {
                        #expect(lines.allSatisfy { $0.contains(word) }, "\(entry.options): \(lines)")
                    }
                }
                // Other sites of the same worker go on.
                #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                #expect(workers.areAllRunning)
            }
        }

        @Test func `a visitor's headers are no options`() throws {
            try Bench.with { bench in
                let labs = try bench.labs()
                let nginx = try bench.nginx(NginxServer(labs.socket))
                let headers = [
                    ("Latchkey-Options", "nonsense"), ("LATCHKEY_OPTIONS", "nonsense"),
                    ("Latchkey-Site", "x"),
                    ("Proxy", "http://evil.example"), ("Https", "on"), ("Remote-User", "root"),
                    ("X-Script", "set a 1"),
                ]
                let answer = try nginx.client().get("/", headers)
                #expect(answer.status == 200)
                let cookie = try #require(answer.field("Set-Cookie"))
                #expect(cookie.hasPrefix("sid="))
                #expect(!cookie.contains("Secure"))
            }
        }

        @Test func `a thousand different strings of options fill no memory`() throws {
            try Bench.with { bench in
                let workers = try bench.workers()
                var server = NginxServer(workers.socket, options: "title='$arg_t'")
                server.keptConnections = 4
                let nginx = try bench.nginx(server)
                let client = nginx.client(keepsConnection: true)
                func ask(_ range: Range<Int>) throws {
                    for number in range {
                        let text = String(repeating: "\(number % 10)", count: 1000) + "\(number)"
                        let answer = try client.get("/login?t=\(text)", Form.html.accept)
                        #expect(answer.status == 200)
                        #expect(answer.text.contains("\(number)</title>"))
                    }
                }
                try ask(0..<400)
                let before = try #require(workers.processes[0].facts.residentKiB)
                try ask(400..<1000)
                let after = try #require(workers.processes[0].facts.residentKiB)
                #expect(after - before < 1024, "\(before) KiB, then \(after) KiB")
            }
        }
    }
}
