import TestBench
import Testing

extension EndToEnd {
    /// Bodies that are not what the sign-in page sent.
    @Suite(.serialized, .leavesNothing, .house, .timeLimit(.minutes(1))) struct `06 bad forms` {
        private static let good = "username=johnDoe&password=password123"
        private static let form = "application/x-www-form-urlencoded"
        private static let json = "application/json"

        private func post(_ body: [UInt8], _ type: String, _ form: Form = .text) throws -> HTTPAnswer {
            let headers = form.accept + [("Content-Type", type)]
            return try House.current.visitor().send("POST", "/login", headers, body: .bytes(body))
        }

        private func expectService() throws {
            #expect(try House.current.visitor().signIn().status == 200)
        }

        @Test(
            arguments: [
                "", "&&&", "=", "username", "username=johnDoe", "password=password123",
                "username=&password=x",
                "\(good)&username=janeSmith", "\(good)&password=x", "\(good)&username=johnDoe", "\(good)&a=%",
                "\(good)&a=%z", "\(good)&a=%4", "\(good)&a=%zz", "\(good)&a=%00",
                "username=john%00Doe&password=password123",
                "\(good)&a=%ff", "\(good)&a=%C0%AF", "\(good)&a=%ED%A0%80", "\(good)&%=1",
                "username=johnDoe;password=password123",
                "user[name]=johnDoe&pass[word]=password123", "Username=johnDoe&Password=password123",
                "{\"username\":\"x\"}",
                "\(good)&return_to=/a&return_to=/b",
            ]
        )
        func `of a form are 400`(_ body: String) throws {
            for form in Form.allCases where form != .html {
                let answer = try post(Array(body.utf8), Self.form, form)
                #expect(answer.status == 400, "\(body)")
                #expect(answer.values("Set-Cookie").isEmpty)
                #expect(answer.field("Content-Type") == form.contentType)
            }
            // A browser's form without its token is refused or wrong, never a sign-in.
            let html = try post(Array(body.utf8), Self.form, .html)
            #expect([400, 403].contains(html.status), "\(body): \(html.status)")
            try expectService()
        }

        @Test(
            arguments: [
                "", "{", "}", "[]", "null", "1", "\"x\"", "{\"username\":\"johnDoe\"}",
                "{\"username\":\"johnDoe\",\"password\":1}",
                "{\"username\":{\"$ne\":\"\"},\"password\":\"password123\"}",
                "{\"username\":[\"johnDoe\"],\"password\":\"password123\"}",
                "{\"username\":\"johnDoe\",\"username\":\"johnDoe\",\"password\":\"password123\"}",
                "{\"username\":\"johnDoe\",\"password\":\"password123\"} x",
                "{\"username\":\"johnDoe\" \"password\":\"x\"}",
                "{\"username\":\"john\\u0000Doe\",\"password\":\"password123\"}",

                "{\"username\":null,\"password\":null}", "{'username':'johnDoe','password':'password123'}",
                "\u{FEFF}{\"username\":\"johnDoe\",\"password\":\"password123\"}",
                "{\"username\":\"\",\"password\":\"\"}",
                "{\"username\":\"a\tb\",\"password\":\"x\"}", "{\"a\":1e999999}",
            ]
        )
        func `of JSON are 400`(_ body: String) throws {
            let answer = try post(Array(body.utf8), Self.json, .json)
            #expect(answer.status == 400, "\(body)")
            #expect(answer.message?.isEmpty == false)
            #expect(answer.values("Set-Cookie").isEmpty)
            try expectService()
        }

        @Test func `of bytes that are no text are 400`() throws {
            let bytes: [[UInt8]] = [
                [0xFF], [0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0],
            ]
            for broken in bytes {
                let form = Array("username=johnDoe".utf8) + broken + Array("&password=password123".utf8)
                #expect(try post(form, Self.form).status == 400)
                let json =
                    Array("{\"username\":\"johnDoe".utf8) + broken + Array("\",\"password\":\"x\"}".utf8)
                #expect(try post(json, Self.json).status == 400)
            }
            try expectService()
        }

        @Test func `of many fields or great depth are 400, quickly`() throws {
            let fields = (0..<10_000).map { "f\($0)=1" }.joined(separator: "&").utf8.prefix(60_000)
            let deep = Array(repeating: UInt8(ascii: "["), count: 60_000)
            let object = Array((0..<5000).map { "{\"a\":" + ($0 == 4999 ? "1" : "") }.joined().utf8)
            let many = Array(("{" + (0..<4000).map { "\"f\($0)\":\"\"" }.joined(separator: ",") + "}").utf8)
            for (body, type) in [
                (Array(fields), Self.form), (deep, Self.json), (object, Self.json), (many, Self.json),
            ] {
                var answer: HTTPAnswer?
                let time = try Waiting.milliseconds { answer = try post(body, type) }
                #expect(answer?.status == 400)
                #expect(time < 1000)
            }
            try expectService()
        }

        @Test func `of names and passwords of any length are answered`() throws {
            for count in [64, 255, 1000, 1024, 1025, 4000, 30_000] {
                let long = String(repeating: "n", count: count)
                for (name, password) in [(long, "x"), ("johnDoe", long), (long, long)] {
                    let answer = try House.current.visitor().signIn(name, password)
                    #expect([400, 401, 413].contains(answer.status), "\(count): \(answer.status)")
                    #expect(answer.values("Set-Cookie").isEmpty)
                }
                // The account's failures are forgotten after a success.
                try expectService()
            }
        }

        @Test(
            arguments: [
                "' OR '1'='1", "johnDoe'--", "johnDoe\"; DROP TABLE users;--", "%", "_", "*", "johnDoe%",
                "JOHNDOE\u{0301}",
                "ｊohnDoe", "johnDoe\u{200B}", "johnDoe ", " johnDoe", "johnDoe\t", "../users",
                "admin\r\nroot",
            ]
        )
        func `of names that look like others sign nobody in`(_ name: String) throws {
            let answer = try House.current.visitor().signIn(name, "password123")
            // Blanks around a name may be taken for a slip of the finger; then it is the same person.
            let isSame = name.filter { !$0.isWhitespace } == "johnDoe" && answer.status == 200
            if isSame {
                #expect(answer.text == Sentence.hello("johnDoe"))
            } else {
                #expect([400, 401].contains(answer.status), "\(answer)")
                #expect(answer.values("Set-Cookie").isEmpty)
            }
        }
    }
}
