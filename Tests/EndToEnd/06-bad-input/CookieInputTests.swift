import TestBench
import Testing

extension EndToEnd {
    /// Cookies that no server of ours has sent.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(1))) struct `06 bad cookies` {
        @Test(
            arguments: [
                "../../../../etc/passwd", "..", ".", "/", "/etc/passwd",
                "../" + String(repeating: "a", count: 29), "a/b",
                "....//....//", "%2e%2e%2f", "..\\..\\", "\u{0}", "a\u{0}b",
                String(repeating: "A", count: 31) + "\u{0}",
                "\u{1}", "\u{7F}", "\u{80}", "é", "🔑", "e\u{301}", "", "-", "_", ".locks", ".users",
                ".format", ".quarantine",
                "00/" + String(repeating: "0", count: 62), String(repeating: "A", count: 4000), "\n",
                "\r\nSet-Cookie: x=1",
                String(repeating: "a", count: 32) + ".json", " ", "*", "?", "~", "$HOME", "`id`", "|id",
                "con", "nul",
            ]
        )
        func `with an id that is a path are nobody's, signed or not`(_ id: String) throws {
            let house = try House.current
            let before = Folder.list(house.bench.folder).filter {
                !$0.hasPrefix("nginx") && !$0.hasSuffix(".log")
            }
            for value in [
                Secret.cookie(id), HTTPBody.encoded("s:" + id), HTTPBody.encoded(id),
                HTTPBody.encoded(id + ".x"),
            ] {
                for path in ["/dashboard", "/login", "/logout"] {
                    let answer = try house.visitor().get(path, [("Cookie", "sid=\(value)")])
                    #expect(answer.status == (path == "/dashboard" ? 401 : 200), "\(value)")
                    #expect(!answer.text.contains("root:"))
                }
            }
            let after = Folder.list(house.bench.folder).filter {
                !$0.hasPrefix("nginx") && !$0.hasSuffix(".log")
            }
            #expect(before == after)
        }

        @Test func `with bytes that nginx lets through are nobody's`() throws {
            let house = try House.current
            for byte in [0x01, 0x08, 0x09, 0x1B, 0x22, 0x2C, 0x3B, 0x5C, 0x7F, 0x80, 0xC3, 0xFF] as [UInt8] {
                for place in ["sid=", "sid=s%3A", "sid=s%3Aabc.def", "", "si"] {
                    let visitor = house.visitor()
                    var bytes = visitor.request("GET", "/dashboard", [("Cookie", "@")])
                    let mark = try #require(bytes.firstIndex(of: UInt8(ascii: "@")))
                    bytes.replaceSubrange(mark...mark, with: Array(place.utf8) + [byte] + Array("x".utf8))
                    let text = String(decoding: try visitor.raw(bytes), as: UTF8.self)
                    #expect(
                        text.hasPrefix("HTTP/1.1 401") || text.hasPrefix("HTTP/1.1 400"),
                        "\(byte): \(text.prefix(20))"
                    )
                }
            }
            #expect(try house.visitor().signIn().status == 200)
        }

        @Test func `of 64 KB are nginx's to refuse, and smaller ones ours to bear`() throws {
            try Bench.with { bench in
                let workers = try bench.workers(Bench.WorkerOptions(accounts: try bench.accounts().socket))
                var wide = NginxServer(workers.socket)
                wide.directives = ["large_client_header_buffers 8 32k;"]
                let nginx = try bench.nginx(NginxServer(workers.socket), wide)
                let member = nginx.client()
                try member.signIn()
                let good = "sid=" + (try #require(member.jar["sid"]))
                func fill(_ bytes: Int, _ pairs: Int) -> String {
                    (0..<pairs).map { "c\($0)=" + String(repeating: "x", count: bytes / pairs) }.joined(
                        separator: "; "
                    )
                }
                // As it comes: 8 KB a line.
                let refused = try nginx.client().get("/dashboard", [("Cookie", fill(65_536, 16))])
                #expect(refused.status == 400)
                // With larger buffers it reaches the worker; the session among it is found or the whole is refused.
                for (bytes, pairs) in [(16_000, 1), (16_000, 100), (28_000, 4), (22_000, 1000)] {
                    let line = good + "; " + fill(bytes, pairs)
                    let answer = try nginx.client(1).get("/dashboard", [("Cookie", line)])
                    #expect(answer.text == Sentence.welcomeBack("johnDoe"), "\(bytes) in \(pairs): \(answer)")
                }
                let last = try nginx.client(1).get(
                    "/dashboard",
                    [("Cookie", fill(22_000, 1000) + "; " + good)]
                )
                #expect([200, 401, 431].contains(last.status))
                // 32 KB in four lines, and beyond what a request may hold.
                let four = (0..<4).map { _ in ("Cookie", fill(8000, 2)) }
                #expect(try nginx.client(1).get("/dashboard", four + [("Cookie", good)]).status == 200)
                // More than one record of parameters holds nginx itself does not send.
                let much = (0..<4).map { _ in ("Cookie", fill(25_000, 2)) }
                #expect(try nginx.client(1).get("/dashboard", much).status == 500)
                #expect(nginx.errorLog.contains("fastcgi request record is too big"))
                // And many fields instead of large ones.
                let many = (0..<300).map { ("X-Field-\($0)", "1") }
                #expect(try nginx.client(1).get("/dashboard", many).status == 431)
                #expect(try member.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
                #expect(workers.areAllRunning)
                #expect(workers.logLines.contains { $0.contains("tooManyParameters") })
            }
        }
    }
}
