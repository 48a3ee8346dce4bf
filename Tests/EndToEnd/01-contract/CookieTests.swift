import TestBench
import Testing

extension EndToEnd {
    /// The session's cookie: what it looks like, and which ones are believed.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(2))) struct `01 the cookie` {
        @Test func `is exactly so on a plain connection`() throws {
            let visitor = try House.current.visitor()
            let lines = try visitor.signIn().values("Set-Cookie")
            #expect(lines.count == 1)
            let line = try #require(lines.first)
            #expect(
                line.contains(
                    try Regex(
                        "^sid=s%3A[A-Za-z0-9_-]{32}\\.[A-Za-z0-9%]{43,80}; Path=/; HttpOnly; SameSite=Lax$"
                    )
                )
            )
            // What signed it is the secret of the file, first line.
            let value = try #require(visitor.jar["sid"])
            let id = String(value.dropFirst(4).prefix(32))
            #expect(value == Secret.cookie(id))
        }

        @Test func `is exactly so on an encrypted connection`() throws {
            let visitor = try House.current.secureVisitor()
            let lines = try visitor.signIn().values("Set-Cookie")
            #expect(lines.count == 1)
            let pattern =
                "^__Host-sid=s%3A[A-Za-z0-9_-]{32}\\.[A-Za-z0-9%]{43,80}; Path=/; HttpOnly; Secure; SameSite=Lax$"
            #expect(try #require(lines.first).contains(try Regex(pattern)))
            #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack("johnDoe"))
            let out = try visitor.get("/logout").values("Set-Cookie")
            #expect(
                out == [
                    "__Host-sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax"
                ]
            )
        }

        @Test func `of the sign-in form is exactly so`() throws {
            let plain = try House.current.visitor().get("/login", Form.html.accept).values("Set-Cookie")
            #expect(plain.count == 1)
            #expect(
                plain[0].contains(try Regex("^latchkey-form=[A-Za-z0-9_-]+; Path=/; HttpOnly; SameSite=Lax$"))
            )
            let secure = try House.current.secureVisitor().get("/login", Form.html.accept).values(
                "Set-Cookie"
            )
            let pattern = "^__Host-latchkey-form=[A-Za-z0-9_-]+; Path=/; HttpOnly; Secure; SameSite=Lax$"
            #expect(secure.count == 1)
            #expect(secure[0].contains(try Regex(pattern)))
        }

        @Test func `is sent once, and not to those who only look`() throws {
            let visitor = try House.current.visitor()
            for path in ["/", "/login", "/dashboard", "/logout", "/nothing", "/latchkey.css"] {
                #expect(try visitor.get(path).values("Set-Cookie").isEmpty, "\(path)")
            }
            try visitor.signIn()
            let cookie = visitor.jar["sid"]
            for path in ["/", "/login", "/dashboard", "/nothing"] {
                #expect(try visitor.get(path).values("Set-Cookie").isEmpty, "\(path)")
            }
            #expect(visitor.jar["sid"] == cookie)
        }

        @Test func `is another one at every sign-in, and the old one is dead`() throws {
            let visitor = try House.current.visitor()
            var seen: [String] = []
            for name in ["johnDoe", "janeSmith", "johnDoe"] {
                try visitor.signIn(name, name == "johnDoe" ? "password123" : "securePass")
                let cookie = try #require(visitor.jar["sid"])
                #expect(!seen.contains(cookie))
                for old in seen {
                    let thief = try House.current.visitor()
                    thief.jar.plant("sid", old)
                    #expect(try thief.get("/dashboard").status == 401)
                }
                seen.append(cookie)
                #expect(try visitor.get("/dashboard").text == Sentence.welcomeBack(name))
            }
        }

        @Test func `with an id that somebody made up is never taken on`() throws {
            let house = try House.current
            for id in ["attacker-chosen-id-0123456789abcd", String(repeating: "A", count: 32)] {
                let visitor = house.visitor()
                visitor.jar.plant("sid", Secret.cookie(id))
                #expect(try visitor.get("/dashboard").status == 401)
                visitor.jar.plant("sid", Secret.cookie(id))
                let answer = try visitor.signIn()
                #expect(answer.status == 200)
                #expect(visitor.jar["sid"] != Secret.cookie(id))
                let attacker = house.visitor()
                attacker.jar.plant("sid", Secret.cookie(id))
                #expect(try attacker.get("/dashboard").status == 401)
            }
        }

        @Test func `counts only in its own place`() throws {
            let house = try House.current
            let owner = house.visitor()
            try owner.signIn()
            let value = try #require(owner.jar["sid"])
            let visitor = house.visitor()
            for target in [
                "/dashboard?sid=\(value)", "/dashboard?__Host-sid=\(value)", "/dashboard;sid=\(value)",
            ] {
                #expect([401, 404].contains(try visitor.get(target).status))
            }
            for name in ["X-Session-Id", "Sid", "Authorization", "X-Cookie", "Set-Cookie"] {
                #expect(try visitor.get("/dashboard", [(name, "sid=\(value)")]).status == 401)
            }
            let type = ("Content-Type", "application/x-www-form-urlencoded")
            let body = HTTPBody.bytes(Array("sid=\(value)".utf8))
            #expect(try visitor.send("GET", "/dashboard", [type], body: body).status == 401)
            for name in ["SID", "Sid", " sid.", "sid2", "xsid", "__Host-sid", "__Secure-sid", "connect.sid"] {
                visitor.jar = CookieJar()
                visitor.jar.plant(name, value)
                #expect(try visitor.get("/dashboard").status == 401, "\(name)")
            }
        }

        @Test func `with one byte changed is refused`() throws {
            let house = try House.current
            let owner = house.visitor()
            try owner.signIn()
            let id = String(try #require(owner.jar["sid"]).dropFirst(4).prefix(32))
            let raw = Array("s:\(id).".utf8)
            let signed = Secret.cookie(id)
            #expect(signed == owner.jar["sid"])
            let client = house.visitor(keepsConnection: true)
            // The cookie decoded, so that every byte of the signature itself is changed too.
            var decoded = raw
            var rest = Array(signed.utf8).dropFirst(4 + 32 + 1)
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else { decoded.append(byte); continue }
                decoded.append(
                    UInt8(
                        String(decoding: [rest.removeFirst(), rest.removeFirst()], as: UTF8.self),
                        radix: 16
                    ) ?? 0
                )
            }
            func status(_ bytes: [UInt8]) throws -> Int {
                let value = bytes.map { "%" + (($0 < 16) ? "0" : "") + String($0, radix: 16) }.joined()
                return try client.get("/dashboard", [("Cookie", "sid=" + value)]).status
            }
            #expect(try status(decoded) == 200)
            for index in decoded.indices {
                for bit in [0, 3, 5, 7] {
                    var changed = decoded
                    changed[index] ^= 1 << UInt8(bit)
                    #expect(try status(changed) == 401, "byte \(index), bit \(bit)")
                }
            }
            for count in 0..<decoded.count { #expect(try status(Array(decoded.prefix(count))) == 401) }
            for tail in ["=", "==", "A", " ", "\n", "%", "\0"] {
                #expect(try status(decoded + Array(tail.utf8)) == 401, "\(tail.debugDescription)")
            }
            for prefix in ["j:", "", "s", "S:", "s::", "s:s:"] {
                #expect(try status(Array(prefix.utf8) + decoded.dropFirst(2)) == 401)
            }
            #expect(try owner.get("/dashboard").status == 200)
        }

        @Test func `among others of its name is found`() throws {
            let house = try House.current
            let owner = house.visitor()
            try owner.signIn()
            let good = "sid=" + (try #require(owner.jar["sid"]))
            let bad = "sid=" + Secret.cookie(String(repeating: "z", count: 32))
            let forged = "sid=s%3Aabc.def"
            let lines = [
                "\(good)", "\(bad); \(good)", "\(good); \(bad)", "\(forged); \(good)", "\(good); \(forged)",
                "sid=; \(good)", "sid; \(good)", "; ;;\(good);;", "a=b;\(good)", "SID=x; \(good); Sid=y",
                Array(repeating: forged, count: 50).joined(separator: "; ") + "; \(good)",
                "sid=\"\(good.dropFirst(4))\"",
                "a=\"x; y\"; \(good)", "\t\(good)\t", "=x; \(good)",
            ]
            for line in lines {
                let answer = try house.visitor().get("/dashboard", [("Cookie", line)])
                #expect(answer.text == Sentence.welcomeBack("johnDoe"), "\(line.prefix(60))")
            }
            // nginx before 1.23 passes two lines on as two parameters.
            for pair in [[forged, good], [good, forged], ["a=b", good], [good, "a=b"]] {
                let answer = try house.visitor().get("/dashboard", pair.map { ("Cookie", $0) })
                #expect(answer.text == Sentence.welcomeBack("johnDoe"), "\(pair[0].prefix(10))")
            }
        }

        @Test func `that is dead is cleared, and a forged one tells nothing`() throws {
            let house = try House.current
            let visitor = house.visitor()
            try visitor.signIn()
            let dead = try #require(visitor.jar["sid"])
            _ = try visitor.get("/logout")
            let answer = try house.visitor().get("/dashboard", [("Cookie", "sid=\(dead)")])
            #expect(answer.status == 401)
            let removal = "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax"
            #expect(answer.values("Set-Cookie") == [removal])
            let forged = ["s%3Aabc.def", "", "x", "s%3A", String(repeating: "x", count: 3000), "s%3A%00.%00"]
            var answers: [HTTPAnswer] = []
            for value in forged {
                answers.append(try house.visitor().get("/dashboard", [("Cookie", "sid=\(value)")]))
            }
            for other in answers {
                #expect(other.status == 401)
                #expect(other.body == answers[0].body)
                #expect(other.names == answers[0].names)
            }
        }

        @Test(arguments: ["strict", "lax", "none"]) func `has the attributes that the site asks for`(
            _ site: String
        ) throws {
            try Bench.with { bench in
                let labs = try bench.labs()
                var server = NginxServer(labs.socket)
                server.locations["/named"] =
                    "name=my-sid; path=/named; same-site=\(site); max-age=1h; priority=high"
                server.locations["/shared"] = "domain=example.org; http-only=off; same-site=\(site)"
                let nginx = try bench.nginx(server)
                let named = try nginx.client().run("set a 1", at: "/named/x").answer.values("Set-Cookie")
                let word = site.prefix(1).uppercased() + site.dropFirst()
                #expect(named.count == 1)
                let pattern =
                    "^my-sid=s%3A[^;]+; Path=/named; Expires=[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT; HttpOnly; Priority=High; SameSite=\(word)$"
                #expect(try #require(named.first).contains(try Regex(pattern)))
                let shared = try nginx.client().run("set a 1", at: "/shared").answer.values("Set-Cookie")
                let other = "^sid=s%3A[^;]+; Domain=example.org; Path=/; SameSite=\(word)$"
                #expect(shared.count == 1)
                #expect(try #require(shared.first).contains(try Regex(other)))
            }
        }
    }
}
