import Foundation
import Kernel
import TestBench
import Testing

extension EndToEnd {
    /// A session folder that cannot be written, is full, or holds something else than records.
    @Suite(.serialized, .leavesNothing, .timeLimit(.minutes(1))) struct `06 a bad session folder` {
        private func expectUnavailable(_ answer: HTTPAnswer, _ form: Form, _ comment: Comment) {
            #expect(answer.status == 503, comment)
            #expect(answer.field("Retry-After").flatMap { Int($0) } ?? 0 > 0, comment)
            // Neither signed in nor signed out: the cookie stays as it is.
            #expect(answer.values("Set-Cookie").allSatisfy { !$0.hasPrefix("sid=") }, comment)
            #expect(answer.field("Content-Type") == form.contentType, comment)
            #expect(answer.field("Cache-Control") == "no-store", comment)
        }

        private func fields(_ page: HTTPAnswer) -> [(String, String)] {
            [("username", "janeSmith"), ("password", "securePass"), ("token", page.token ?? "")]
        }

        @Test(.enabled(if: Bench.canMount, "mounts need root"))
        func `that is read-only lets nobody in or out, and keeps everybody`() throws {
            try Bench.with { bench in
                let options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
                let first = try bench.workers(options)
                let member = try bench.nginx(NginxServer(first.socket)).client()
                try member.signIn()
                let before = Folder.list(first.sessions)

                let (workers, _) = try bench.worker(
                    behind: "mount --bind $DIR $DIR; mount -o remount,bind,ro $DIR",
                    options
                )
                let nginx = try bench.nginx(NginxServer(workers.socket))
                for form in Form.allCases {
                    let visitor = nginx.client()
                    visitor.jar = member.jar
                    let dashboard = try visitor.get("/dashboard", form.accept)
                    #expect(dashboard.status == 200, "\(workers.logLines)")
                    #expect(dashboard.says(Sentence.welcomeBack("johnDoe"), in: form))

                    let stranger = nginx.client()
                    let page = try stranger.get("/login", form.accept)
                    expectUnavailable(try stranger.post("/login", fields(page), form.accept), form, "sign-in")
                    #expect(try stranger.get("/dashboard").status == 401)

                    let out = try visitor.get("/logout", form.accept)
                    expectUnavailable(out, form, "sign-out")
                    #expect(out.says(Sentence.logoutFailed, in: form))
                    let token = dashboard.token.map { [("token", $0)] } ?? []
                    let posted = try visitor.post("/logout", token, form.accept)
                    expectUnavailable(posted, form, "sign-out")
                    #expect(posted.says(Sentence.logoutFailed, in: form))
                    #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                }
                #expect(workers.logLines.contains { $0.contains("level=error") && $0.contains("Read-only") })
                #expect(workers.areAllRunning)
                #expect(Folder.list(first.sessions) == before)
                // The first worker, for whom it is writable, still knows everybody.
                #expect(try member.get("/logout").text == Sentence.loggedOut)
            }
        }

        @Test(
            .enabled(if: Bench.canMount, "mounts need root"),
            arguments: ["size=1m", "size=8m,nr_inodes=60"]
        )
        func `that is full lets nobody in, keeps everybody, and recovers by itself`(_ size: String) throws {
            try Bench.with { bench in
                let (workers, folder) = try bench.worker(
                    behind: "mount -t tmpfs -o mode=700,\(size) tmpfs $DIR",
                    Bench.WorkerOptions(accounts: try bench.accounts().socket)
                )
                let nginx = try bench.nginx(NginxServer(workers.socket))
                let members = try (0..<8).map { _ in
                    let client = nginx.client()
                    let answer = try client.signIn()
                    #expect(answer.status == 200)
                    return client
                }
                let fillers = try fill(folder)
                #expect(!fillers.isEmpty)
                for form in Form.allCases {
                    let stranger = nginx.client()
                    let page = try stranger.get("/login", form.accept)
                    expectUnavailable(try stranger.post("/login", fields(page), form.accept), form, "sign-in")
                    for member in members { #expect(try member.get("/dashboard", form.accept).status == 200) }
                }
                #expect(workers.logLines.contains { $0.contains("level=error") && $0.contains("No space") })
                // What is half written is taken away again.
                #expect(!Folder.list(folder).contains { $0.hasSuffix(".tmp") })
                // Going takes no room.
                let leaving = try members[0].get("/logout")
                #expect(leaving.text == Sentence.loggedOut || leaving.text == Sentence.logoutFailed)
                for filler in fillers { try Files.unlink(filler) }
                for member in members.dropFirst() {
                    #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                }
                #expect(try nginx.client().signIn().status == 200)
                #expect(workers.areAllRunning)
            }
        }

        /// Takes all the room that there is: bytes, then names.
        private func fill(_ folder: String) throws -> [String] {
            let first = "\(folder)/filler"
            try Folder.write("", to: first)
            var fillers = [first]
            _ = try? Folder.write(String(repeating: "x", count: 16 << 20), to: first)
            while fillers.count < 10_000, let made = try? makeFiller("\(folder)/filler\(fillers.count)") {
                fillers.append(made)
            }
            return fillers
        }

        private func makeFiller(_ path: String) throws -> String {
            try Folder.write("x", to: path)
            return path
        }

        @Test func `that is none ends the start with a word`() throws {
            try Bench.with { bench in
                let file = "\(bench.folder)/a-file"
                try Folder.write("x", to: file)
                let link = "\(bench.folder)/a-link"
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/etc")
                for path in [file, link, "\(file)/below", "/proc/nothing/here", "/dev/null"] {
                    var options = Bench.WorkerOptions()
                    options.sessions = path
                    let process = try bench.workers(options).processes[0]
                    #expect(try process.wait(upTo: 5) == .exited(78), "\(path)")
                    #expect(process.logLines.count == 1)
                    #expect(process.log.contains(path), "\(process.log)")
                }
                #expect(Folder.text(of: file) == "x")
            }
        }

        /// A member whose record is then replaced by something, and what a fresh worker says.
        private func replaceRecord(_ replace: (String, String) throws -> Void) throws -> (
            answer: HTTPAnswer, milliseconds: Double, log: [String], names: [String]
        ) {
            try Bench.with { bench in
                let options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
                let first = try bench.workers(options)
                let member = try bench.nginx(NginxServer(first.socket)).client()
                try member.signIn()
                let record = try #require(Folder.list(first.sessions).first { $0.hasSuffix(".json") })
                try replace("\(first.sessions)/\(record)", bench.folder)
                let workers = try bench.workers(options)
                let nginx = try bench.nginx(NginxServer(workers.socket))
                let visitor = nginx.client()
                visitor.jar = member.jar
                var answer: HTTPAnswer?
                let time = try Waiting.milliseconds { answer = try visitor.get("/dashboard") }
                #expect(try nginx.client().signIn("janeSmith", "securePass").status == 200)
                #expect(workers.areAllRunning)
                return (try #require(answer), time, workers.logLines, Folder.list(first.sessions))
            }
        }

        private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
        private static let head =
            #"{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"}"#

        static let damages: [String: [UInt8]] = [
            "nothing": [],
            "half a record": text(#"{"cookie":{"originalMa"#),
            "no object": text("[]"),
            "another object": text(#"{"user":"root"}"#),
            "null": text("null"),
            "0xFF": [UInt8](repeating: 0xFF, count: 400),
            "zeros": [UInt8](repeating: 0, count: 4096),
            "depth": [UInt8](repeating: UInt8(ascii: "["), count: 60_000),
            "two users": text(head + #","user":"a","user":"root"}"#),
            "a user of another type": text(head + #","user":{"$ne":1}}"#),
            "1 MB": [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20),
            "a byte order mark": text("\u{FEFF}{}"),
        ]

        @Test(arguments: damages.keys.sorted()) func `with a damaged record has one session less`(
            _ name: String
        ) throws {
            let bytes = try #require(Self.damages[name])
            let (answer, time, log, names) = try replaceRecord { record, _ in
                let file = try Files.open(record, [.write, .truncate])
                try Files.writeAll(file.number, bytes)
            }
            #expect(answer.status == 401)
            #expect(answer.text == Sentence.denied)
            #expect(time < 1000)
            if name != "a user of another type" {
                #expect(log.contains { $0.contains("level=warning") || $0.contains("level=error") }, "\(log)")
                #expect(names.contains { $0.hasPrefix(".quarantine/") }, "\(names)")
            }
        }

        @Test(arguments: [
            "fifo", "folder", "link to a record", "dangling link", "second name", "open to all", "sparse",
        ])
        func `with something else in a record's place never hangs or believes it`(_ kind: String) throws {
            let (answer, time, _, _) = try replaceRecord { record, folder in
                let away = "\(folder)/away"
                if kind == "open to all" { return try Files.changeMode(of: record, to: 0o666) }
                if kind == "second name" {
                    return try Files.link(
                        record,
                        in: Files.workingDirectory,
                        to: away,
                        in: Files.workingDirectory
                    )
                }
                try Folder.move(record, to: away)
                switch kind {
                case "fifo":
                    // Safe because the path is a string that lives for the call.
                    let made = unsafe mkfifo(record, 0o600)
                    #expect(made == 0)
                case "folder": try Folder.make(record)
                case "link to a record":
                    try FileManager.default.createSymbolicLink(atPath: record, withDestinationPath: away)
                case "sparse":
                    let file = try Files.open(record, [.write, .create], mode: 0o600)
                    try Files.truncate(file.number, to: 1 << 30)
                default:
                    try FileManager.default.createSymbolicLink(
                        atPath: record,
                        withDestinationPath: "/nowhere"
                    )
                }
            }
            #expect(time < 1000)
            let isOurs = ["second name", "open to all"].contains(kind)
            #expect([401, 503].contains(answer.status) || isOurs && answer.status == 200, "\(answer)")
            if answer.status == 503 { #expect(answer.values("Set-Cookie").isEmpty) }
        }

        @Test func `with a file where a folder of records was is 503, not a sign-out`() throws {
            try Bench.with { bench in
                let options = Bench.WorkerOptions(accounts: try bench.accounts().socket)
                let first = try bench.workers(options)
                let member = try bench.nginx(NginxServer(first.socket)).client()
                try member.signIn()
                let record = try #require(Folder.list(first.sessions).first { $0.hasSuffix(".json") })
                let folder = "\(first.sessions)/\(record.prefix(2))"
                try Folder.move(folder, to: "\(bench.folder)/away")
                try Folder.write("", to: folder)
                let workers = try bench.workers(options)
                let visitor = try bench.nginx(NginxServer(workers.socket)).client()
                visitor.jar = member.jar
                for form in Form.allCases {
                    expectUnavailable(try visitor.get("/dashboard", form.accept), form, "the dashboard")
                }
                #expect(workers.logLines.contains { $0.contains("level=error") })
                try Files.unlink(folder)
                try Folder.move("\(bench.folder)/away", to: folder)
                #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
            }
        }

        @Test func `that is removed under a worker is 503 until it is back`() throws {
            try Bench.with { bench in
                let workers = try bench.workers(Bench.WorkerOptions(accounts: try bench.accounts().socket))
                let nginx = try bench.nginx(NginxServer(workers.socket))
                let member = nginx.client()
                try member.signIn()
                Folder.remove(workers.sessions)
                // A disk that is not mounted looks like this, so nothing is made in its place.
                for form in Form.allCases {
                    expectUnavailable(try member.get("/dashboard", form.accept), form, "the dashboard")
                    let stranger = nginx.client()
                    let page = try stranger.get("/login", form.accept)
                    expectUnavailable(try stranger.post("/login", fields(page), form.accept), form, "sign-in")
                }
                #expect(
                    workers.logLines.contains { $0.contains("level=error") && $0.contains(workers.sessions) }
                )
                try Folder.make(workers.sessions)
                #expect(try member.get("/dashboard").text == Sentence.denied)
                #expect(try member.signIn().status == 200)
                #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                #expect(workers.areAllRunning)
                let open = Folder.entries(workers.sessions).filter {
                    $0.permissions & 0o077 != 0 && !$0.isLink
                }
                #expect(open.isEmpty, "\(open)")
            }
        }
    }
}
