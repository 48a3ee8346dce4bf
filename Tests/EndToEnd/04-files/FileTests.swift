import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// What stands in the session folder, and who may read it.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `04 the files` {
        /// Starts a pool whose processes inherit a umask.
        private func serve(_ bench: Bench, umask: String) throws -> (
            folder: String, socket: String, process: ChildProcess
        ) {
            let folder = "\(bench.folder)/state"
            try Folder.make(folder)
            try bench.makeUsers(at: "\(folder)/users.db")
            let socket = "\(folder)/latchkey.sock"
            let words = [
                "serve", "--sessions", "\(folder)/sessions", "--users", "\(folder)/users.db",
                "--secrets", "\(folder)/secrets", "--socket", socket, "--accounts-socket",
                "\(folder)/accounts.sock",
                "--control-socket", "\(folder)/control.sock", "--workers", "2",
            ]
            let program = try BuiltPrograms.path("latchkey")
            let process = try bench.start(
                "serve",
                "/bin/sh",
                ["-c", "umask \(umask); exec \"$@\"", "sh", program] + words
            )
            try Waiting.until("the pool") {
                guard process.isRunning else { throw BenchError(process.tail) }
                return (try? Sockets.connect(unix: socket)) != nil
            }
            return (folder, socket, process)
        }

        @Test(arguments: ["000", "022", "027", "077"])
        func `one 0600 file a session, and nothing for others, whatever the umask`(_ umask: String) throws {
            try Bench.with { bench in
                let (folder, socket, _) = try serve(bench, umask: umask)
                let nginx = try bench.nginx(NginxServer(socket))
                var visitors: [HTTPClient] = []
                for index in 0..<6 {
                    let visitor = nginx.client()
                    _ = index % 2 == 0 ? try visitor.signIn() : try visitor.signIn("janeSmith", "securePass")
                    #expect(visitor.jar["sid"] != nil)
                    visitors.append(visitor)
                }
                func records() -> [FolderEntry] {
                    Folder.entries("\(folder)/sessions").filter { $0.isFile && $0.name.hasSuffix(".json") }
                }
                let six = records()
                #expect(six.count == 6, "\(six)")
                for record in six {
                    #expect(record.permissions == 0o600)
                    #expect(record.user == Processes.user)
                    #expect(record.path.contains(try Regex("^[0-9a-f]{2}/[0-9a-f]{62}\\.json$")))
                }
                // No id stands there in clear: who reads the folder's names cannot sign in.
                for visitor in visitors {
                    let id = String(try #require(visitor.jar["sid"]).dropFirst(4).prefix(32))
                    #expect(!Folder.list(folder).contains { $0.contains(id) })
                    for record in six {
                        #expect(!Folder.text(of: "\(folder)/sessions/\(record.path)").contains(id))
                    }
                }
                let open = try bench.succeed(
                    "find",
                    try BuiltPrograms.system("find"),
                    ["\(folder)/sessions", "!", "-type", "l", "-perm", "/077"]
                )
                #expect(open == "")
                for entry in Folder.entries("\(folder)/sessions") where entry.isFile || entry.isFolder {
                    #expect(entry.permissions == (entry.isFolder ? 0o700 : 0o600), "\(entry)")
                }
                // Nor anywhere else, but the socket that nginx connects to.
                for entry in Folder.entries(folder) where !entry.isLink && entry.permissions & 0o077 != 0 {
                    #expect(entry.path == "latchkey.sock", "\(entry)")
                    #expect(entry.permissions == 0o660, "\(entry)")
                }
                for visitor in visitors.dropFirst(2) { _ = try visitor.get("/logout") }
                #expect(records().count == 2)
                // Looking makes no files.
                for path in ["/", "/login", "/dashboard", "/logout", "/nothing"] {
                    for form in Form.allCases { _ = try nginx.client().get(path, form.accept) }
                }
                #expect(records().count == 2)
            }
        }

        @Test func `a umask that closes everything ends the start with a word`() throws {
            try Bench.with { bench in
                let error = #expect(throws: BenchError.self) { try serve(bench, umask: "777") }
                #expect(error?.description.contains("exited(78)") == true)
                #expect(error?.description.contains("umask") == true)
            }
        }

        @Test func `leftovers of a write do not stay`() throws {
            try Bench.with { bench in
                let labs = try bench.labs(processes: 2)
                let nginx = try bench.nginx(NginxServer(labs.socket))
                let client = nginx.client()
                for value in 0..<50 { _ = try client.run("set a \(value)") }
                _ = try client.run("regenerate keep")
                let files = Folder.entries(labs.sessions).filter { $0.isFile && !$0.name.hasPrefix(".") }
                #expect(files.count == 1, "\(files)")
                let temporary = Folder.list(labs.sessions).filter { $0.hasSuffix(".tmp") }
                #expect(temporary == [])
            }
        }

        @Test func `a session folder that others may enter is refused or closed`() throws {
            try Bench.with { bench in
                let folder = "\(bench.folder)/sessions"
                try Folder.make(folder)
                try Files.changeMode(of: folder, to: 0o777)
                let workers = try bench.workers()
                let process = workers.processes[0]
                _ = try? process.wait(upTo: 1)
                if process.isRunning {
                    #expect(Folder.entries(folder).first?.permissions == 0o700)
                } else {
                    #expect(process.end == .exited(78))
                    #expect(process.log.contains(folder))
                }
            }
        }

        @Test func `a secret that others may read is refused`() throws {
            try Bench.with { bench in
                let secrets = try bench.secrets()
                for mode in [0o644, 0o604, 0o660] as [UInt32] {
                    try Files.changeMode(of: secrets, to: mode)
                    let process = try bench.workers().processes[0]
                    #expect(try process.wait(upTo: 5) == .exited(78), "\(String(mode, radix: 8))")
                    #expect(process.log.contains("chmod 600"))
                    #expect(!process.log.contains(Secret.text))
                }
            }
        }

        @Test func `no secret stands in a process's words or environment`() throws {
            try Bench.with { bench in
                let pool = try bench.serve()
                let nginx = try bench.nginx(NginxServer(pool.socket))
                try nginx.client().signIn()
                let family = [pool.supervisor.id] + pool.supervisor.facts.descendants
                #expect(family.count >= 4)
                for process in family {
                    let facts = ProcessFacts(process)
                    #expect(!facts.arguments.contains { $0.contains(Secret.text) })
                    #expect(!Folder.text(of: "/proc/\(process)/environ").contains(Secret.text))
                }
                for word in [Secret.text, "password123"] { #expect(!pool.supervisor.log.contains(word)) }
            }
        }
    }
}
