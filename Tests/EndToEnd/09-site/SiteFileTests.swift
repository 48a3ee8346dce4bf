import Foundation
import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// The files for nginx as they are shipped, in the places where an operator puts them.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `09 the shipped site` {
        /// A copy of the shipped files in which only the socket's path and the port are other ones.
        private struct Installed {
            let folder: String
            let socket: String
            let port: UInt16
            let securePort: UInt16

            init(_ bench: Bench) throws {
                folder = "\(bench.folder)/etc"
                socket = "\(bench.folder)/run/latchkey.sock"
                let ports = try Bench.freePorts(2)
                port = ports[0]
                securePort = ports[1]
                // nginx's workers are www-data, so they must be able to reach the socket.
                try Files.changeMode(of: bench.folder, to: 0o711)
                try Folder.make("\(bench.folder)/run", mode: 0o711)
                try FileManager.default.copyItem(
                    atPath: "\(BuiltPrograms.packageFolder)/nginx",
                    toPath: folder
                )
                for name in Folder.list(folder) {
                    let path = "\(folder)/\(name)"
                    guard Folder.entries(folder).first(where: { $0.path == name })?.isFile == true else {
                        continue
                    }
                    var text = Folder.text(of: path)
                    text.replace("/run/latchkey/latchkey.sock", with: socket)
                    text.replace(try Regex("listen +80;"), with: "listen 127.0.0.1:\(port);")
                    try Folder.write(text, to: path)
                }
            }

            /// Makes a certificate for this test alone.
            func makeCertificate(_ bench: Bench, _ openssl: String) throws {
                let words = [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2",
                    "-subj", "/CN=localhost", "-keyout", "\(folder)/site.key", "-out", "\(folder)/site.pem",
                ]
                try bench.succeed("openssl", openssl, words)
            }

            var files: [String] { Folder.list(folder).filter { $0.contains("/") } }
            var sites: [String] { files.filter { $0.hasPrefix("sites-available/") } }

            /// Writes a main file that includes some of them.
            func main(_ includes: [String], more: String = "", to name: String = "nginx.conf") throws
                -> String
            {
                let path = "\(folder)/\(name)"
                let user =
                    Processes.user == 0 && (try? Processes.account("www-data")) != nil ? "user www-data;" : ""
                let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
                    "\($0)_temp_path \(folder)/tmp-\($0);"
                }
                try Folder.write(
                    """
                    daemon off; \(user) worker_processes 2; pid \(folder)/nginx.pid; error_log \(folder)/error.log info;
                    events { worker_connections 256; }
                    http {
                    access_log \(folder)/access.log;
                    \(temporary.joined(separator: "\n"))
                    \(includes.map { "include \(folder)/\($0);" }.joined(separator: "\n"))
                    \(more)
                    }

                    """,
                    to: path
                )
                return path
            }

            func start(_ bench: Bench, _ main: String) throws -> ChildProcess {
                let process = try bench.start(
                    "nginx",
                    try BuiltPrograms.system("nginx"),
                    ["-p", folder, "-c", main, "-e", "\(folder)/error.log"]
                )
                try Waiting.until("nginx to listen") {
                    guard process.isRunning else {
                        throw BenchError(process.tail + Folder.text(of: "\(folder)/error.log"))
                    }
                    return (try? HTTPConnection(port: port)) != nil
                }
                return process
            }
        }

        @Test func `nginx takes every file`() throws {
            try Bench.with { bench in
                let installed = try Installed(bench)
                let nginx = try BuiltPrograms.system("nginx")
                let settings = installed.files.filter { $0.hasPrefix("conf.d/") }
                #expect(!settings.isEmpty && !installed.sites.isEmpty)
                var sets = [settings, settings + installed.sites]
                for site in installed.sites { sets.append(settings + [site]) }
                for snippet in installed.files where snippet.hasPrefix("snippets/") {
                    #expect(snippet.hasSuffix(".conf"))
                }
                for (index, set) in sets.enumerated() {
                    let main = try installed.main(set, to: "nginx\(index).conf")
                    let (end, _, log) = try bench.run(
                        "nginx-t\(index)",
                        nginx,
                        ["-t", "-p", installed.folder, "-c", main]
                    )
                    #expect(end == .exited(0), "\(log)")
                    #expect(!log.contains("[warn]") && !log.contains("[error]"), "\(log)")
                }
            }
        }

        private func visitor(_ installed: Installed) -> HTTPClient {
            let client = HTTPClient(port: installed.port)
            // As browsers do with a name of the site's own.
            client.headers = [("Host", "login.example.org")]
            return client
        }

        /// The site with a worker of spawn-fcgi, whose socket belongs to nginx's group.
        private func withSite(
            more: (Installed) -> String = { _ in "" },
            _ body: (Installed, ChildProcess) throws -> Void
        ) throws {
            try Bench.with { bench in
                let installed = try Installed(bench)
                let options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
                let access = Processes.user == 0 ? ["-M", "0660", "-G", "www-data"] : ["-M", "0660"]
                let words =
                    ["-n", "-s", installed.socket] + access + [
                        "--", try BuiltPrograms.path("latchkey-worker"),
                    ]
                    + (try bench.workerArguments(options))
                let worker = try bench.start("spawn-fcgi", try BuiltPrograms.system("spawn-fcgi"), words)
                try Waiting.until("the worker") { (try? Sockets.connect(unix: installed.socket)) != nil }
                if let openssl = Self.openssl { try installed.makeCertificate(bench, openssl) }
                let main = try installed.main(["conf.d/*.conf", "sites-available/*"], more: more(installed))
                let nginx = try installed.start(bench, main)
                try body(installed, worker)
                #expect(worker.isRunning, "\(worker.tail)")
                #expect(try nginx.stop(.quit) == .exited(0))
                let complaints = Folder.text(of: "\(installed.folder)/error.log").split(separator: "\n")
                    .filter {
                        $0.contains("[warn]") || $0.contains("[crit]") || $0.contains("[alert]")
                            || $0.contains("[emerg]")
                    }
                #expect(complaints.isEmpty, "\(complaints)")
            }
        }

        @Test func `serves the pages under spawn-fcgi`() throws {
            try withSite { installed, worker in
                let member = visitor(installed)
                #expect(try member.get("/").text == Sentence.welcome)
                #expect(try member.get("/dashboard").text == Sentence.denied)
                #expect(try member.get("/latchkey.css").status == 200)
                #expect(try member.get("/anything/else").status == 404)
                let origin = ("Origin", "http://login.example.org")
                let page = try member.get("/login?return_to=%2Fdashboard%3Fa%3D1%26b", Form.html.accept)
                #expect(page.text.contains("<title>Sign in · Latchkey</title>"))
                let answer = try member.post(
                    "/login",
                    [
                        ("username", "johnDoe"), ("password", "password123"), ("token", page.token ?? ""),
                        ("return_to", "/dashboard?a=1&b"),
                    ],
                    Form.html.accept + [origin]
                )
                #expect(answer.status == 303)
                #expect(answer.field("Location") == "/dashboard?a=1&b")
                let cookie = try #require(answer.values("Set-Cookie").first)
                #expect(cookie.contains(try Regex("^sid=s%3A[^;]+; Path=/; HttpOnly; SameSite=Lax$")))
                #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                #expect(try member.get("/logout").text == Sentence.loggedOut)
                // Logs name the site and the visitor's address.
                #expect(
                    worker.logLines.contains {
                        $0.contains("site=\"login.example.org\"") && $0.contains("127.0.0.1")
                    }
                )
            }
        }

        @Test func `gives no visitor's header a meaning`() throws {
            try withSite { installed, worker in
                let visitor = visitor(installed)
                let headers = [
                    ("Latchkey-Options", "idel=1"), ("Latchkey-Site", "x"), ("Proxy", "http://evil"),
                    ("Https", "on"),
                    ("X-Forwarded-Proto", "https"), ("Remote-Addr", "10.9.9.9"),
                    ("X-Forwarded-For", "10.9.9.9"),
                    ("X-Real-IP", "10.9.9.9"), ("Remote-User", "root"), ("X-Accel-Redirect", "/etc/passwd"),
                ]
                let answer = try visitor.post(
                    "/login",
                    [("username", "johnDoe"), ("password", "password123")],
                    headers
                )
                #expect(answer.text == Sentence.hello("johnDoe"))
                #expect(answer.values("Set-Cookie").count == 1)
                #expect(answer.field("Set-Cookie")?.hasPrefix("sid=") == true)
                #expect(!worker.log.contains("10.9.9.9"))
            }
        }

        @Test func `slows down who posts a lot, and lets everybody read`() throws {
            try withSite { installed, _ in
                let visitor = visitor(installed)
                var statuses: [Int] = []
                for number in 0..<16 {
                    statuses.append(try visitor.signIn("guess\(number)", "x").status)
                    #expect(try visitor.get("/login").status == 200)
                }
                #expect(statuses.prefix(10).allSatisfy { $0 == 401 }, "\(statuses)")
                #expect(statuses.contains(429), "\(statuses)")
                #expect(try visitor.get("/dashboard").status == 401)
            }
        }

        @Test func `refuses a body that is too large`() throws {
            try withSite { installed, _ in
                let large = HTTPBody.bytes([UInt8](repeating: 0x78, count: 70_000))
                let refused = try visitor(installed).send("POST", "/login", body: large)
                #expect(refused.status == 413)
                let answer = try visitor(installed).signIn()
                #expect(answer.status == 200)
            }
        }

        private static let openssl = try? BuiltPrograms.system("openssl")
        private static let curl = try? BuiltPrograms.system("curl")

        @Test(.enabled(if: openssl != nil && curl != nil, "openssl and curl are not both installed"))
        func `makes the cookie Secure over TLS`() throws {
            try withSite(more: { installed in
                """
                server {
                    listen 127.0.0.1:\(installed.securePort) ssl http2;
                    server_name login.example.org;
                    ssl_certificate \(installed.folder)/site.pem; ssl_certificate_key \(installed.folder)/site.key;
                    include snippets/latchkey-pages.conf;
                }
                """
            }) { installed, _ in
                try Bench.with { bench in
                    let base = "https://localhost:\(installed.securePort)"
                    let jar = "\(bench.folder)/jar"
                    func curl(_ words: String...) throws -> String {
                        try bench.succeed(
                            "curl",
                            try #require(Self.curl),
                            ["-sk", "-D", "-", "-b", jar, "-c", jar] + words
                        )
                    }
                    let signedIn = try curl("-d", "username=johnDoe&password=password123", "\(base)/login")
                    #expect(signedIn.contains("HTTP/2 200"))
                    let pattern =
                        "set-cookie: __Host-sid=s%3A[^;]+; Path=/; HttpOnly; Secure; SameSite=Lax\r\n"
                    #expect(signedIn.contains(try Regex(pattern)))
                    #expect(try curl("\(base)/dashboard").hasSuffix(Sentence.welcomeBack("johnDoe")))
                    let out = try curl("\(base)/logout")
                    #expect(
                        out.contains(
                            "set-cookie: __Host-sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax"
                        )
                    )
                    #expect(try curl("\(base)/dashboard").hasSuffix(Sentence.denied))
                }
            }
        }

        @Test func `answers every GET while workers are killed`() throws {
            try Bench.with { bench in
                let installed = try Installed(bench)
                let access = Processes.user == 0 ? ["--socket-group", "www-data"] : []
                let pool = try bench.serve(workers: 2, access)
                // The pool makes its own socket; the site looks for it where it was told.
                try FileManager.default.createSymbolicLink(
                    atPath: installed.socket,
                    withDestinationPath: pool.socket
                )
                let nginx = try installed.start(
                    bench,
                    try installed.main(["conf.d/*.conf", "sites-available/*"])
                )
                let owner = visitor(installed)
                try owner.signIn()
                let jar = owner.jar
                let port = installed.port
                let ends = StopFlag()
                let counts = try Parallel.run(5) { number in
                    if number == 0 {
                        defer { ends.set() }
                        for _ in 0..<3 {
                            // One that dies in its first second is waited for before it is replaced.
                            try Waiting.until("workers that have served for a while") {
                                pool.workers.count == 2
                                    && pool.workers.allSatisfy { ProcessFacts($0).age ?? 0 > 1.1 }
                            }
                            let victim = pool.workers[0]
                            SignalSender.kill(victim)
                            try Waiting.until("its replacement") {
                                pool.workers.count == 2 && !pool.workers.contains(victim)
                            }
                        }
                        return (good: 0, bad: [Int]())
                    }
                    let client = HTTPClient(port: port, keepsConnection: true)
                    client.headers = [("Host", "login.example.org")]
                    client.jar = jar
                    var good = 0
                    var bad: [Int] = []
                    while !ends.isSet {
                        let status = try client.get("/dashboard").status
                        if status == 200 { good += 1 } else { bad.append(status) }
                    }
                    return (good, bad)
                }
                #expect(counts.flatMap(\.bad) == [], "of \(counts.map(\.good).reduce(0, +)) requests")
                #expect(counts.map(\.good).reduce(0, +) > 200)
                #expect(try nginx.stop(.quit) == .exited(0))
            }
        }
    }
}
