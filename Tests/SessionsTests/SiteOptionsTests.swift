import Testing
import Web

@testable import Sessions

@Suite struct `The options string of a site` {
    private func read(_ text: String) throws -> SessionOptions { try SiteOptions(text.utf8).session }

    @Test func `is the strict defaults when it is empty`() throws {
        #expect(try read("") == SessionOptions())
        #expect(try read(" ; ;; ") == SessionOptions())
    }

    @Test func `begins with the defaults of the profile, wherever that stands`() throws {
        #expect(try read("profile=express") == SessionOptions(.express))
        #expect(try read("rolling=on; profile=express").rolling)
        #expect(try read("rolling=on; profile=express").name == "connect.sid")
    }

    @Test func `sets each of its options`() throws {
        let options = try read(
            """
            name=app; resave=on;save-uninitialized=on; rolling=on; unset=destroy; proxy=on; path=/a; domain=.example.com;\
             http-only=off; partitioned=on; secure=on; same-site=none; priority=high; idle=10m; absolute=2h; renew=1h; grace=5s;\
             lock=500ms; conflict=fail; max-age=90s
            """
        )
        #expect(options.name == "app" && options.resave && options.saveUninitialized && options.rolling)
        #expect(options.unset == .destroy && options.proxy == .on && options.conflict == .fail)
        #expect(
            options.cookie.path == "/a" && options.cookie.domain == ".example.com" && !options.cookie.httpOnly
        )
        #expect(options.cookie.partitioned == true && options.cookie.secure == .on)
        #expect(
            options.cookie.sameSite == SessionCookieOptions.SameSite.none && options.cookie.priority == .high
        )
        #expect(options.idleMilliseconds == 600_000 && options.absoluteMilliseconds == 7_200_000)
        #expect(
            options.renewMilliseconds == 3_600_000 && options.graceMilliseconds == 5000
                && options.lockMilliseconds == 500
        )
        #expect(options.cookie.lifetime == .maxAge(90_000))
    }

    @Test func `takes the later of max-age and expires`() throws {
        let instant = try #require(UnixTime(iso8601: Array("2030-01-02T03:04:05Z".utf8)[...]))
        #expect(try read("max-age=1s; expires=2030-01-02T03:04:05Z").cookie.lifetime == .expires(instant))
        #expect(try read("expires=2030-01-02T03:04:05.000Z; max-age=1s").cookie.lifetime == .maxAge(1000))
        #expect(try read("max-age=1s; expires=none").cookie.lifetime == .browserSession)
    }

    @Test func `lets the limits follow a long-lived cookie, unless they are given`() throws {
        let follows = try read("max-age=30d")
        #expect(
            follows.idleMilliseconds == 30 * 86_400_000 && follows.absoluteMilliseconds == 30 * 86_400_000
        )
        let given = try read("max-age=30d; idle=1h; absolute=1d")
        #expect(given.idleMilliseconds == 3_600_000 && given.absoluteMilliseconds == 86_400_000)
    }

    @Test func `keeps the program's own options apart`() throws {
        let options = try SiteOptions("title='Our; intra''net' ; rolling=on".utf8, others: ["title"])
        #expect(options.others == ["title": "Our; intra'net"] && options.session.rolling)
    }

    @Test func `cannot loosen the limits of the system`() throws {
        let limits = SiteOptions.Limits(absoluteMilliseconds: 3_600_000)
        #expect(
            try SiteOptions("absolute=30d".utf8, limits: limits).session.absoluteMilliseconds == 3_600_000
        )
        #expect(
            try SiteOptions("absolute=none".utf8, limits: limits).session.absoluteMilliseconds == 3_600_000
        )
        #expect(try SiteOptions("absolute=1m".utf8, limits: limits).session.absoluteMilliseconds == 60_000)
    }

    /// What is wrong, and what the message must name.
    static let wrong: [(String, String)] = [
        ("idel=5m", "\"idel\" is not an option, did you mean \"idle\"?"),
        ("Rolling=on", "\"Rolling\" is not an option, did you mean \"rolling\"?"),
        ("xyzzyplugh=1", "\"xyzzyplugh\" is not an option"),
        ("rolling=yes", "\"rolling\""), ("rolling=On", "\"rolling\""), ("rolling=", "\"rolling\""),
        ("rolling", "name=value"),
        ("rolling=on; rolling=on", "\"rolling\" is given twice"),
        ("profile=loose", "\"profile\""), ("unset=drop", "\"unset\""), ("proxy=maybe", "\"proxy\""),
        ("max-age=5", "\"max-age\""), ("max-age=m", "\"max-age\""), ("max-age=5 m", "\"max-age\""),
        ("max-age=1.5s", "\"max-age\""),
        ("max-age=99999999999999999999d", "\"max-age\""), ("max-age=400000d", "\"max-age\""),
        ("idle=0s", "\"idle\""),
        ("idle=-5m", "\"idle\""), ("lock=none", "\"lock\""), ("lock=2m", "\"lock\""),
        ("grace=none", "\"grace\""),
        ("expires=tomorrow", "\"expires\""), ("expires=2026-02-30T00:00:00Z", "\"expires\""),
        ("path=a", "\"path\""), ("path=", "\"path\""), ("domain=ex ample", "\"domain\""),
        ("domain=", "\"domain\""),
        ("secure=always", "\"secure\""), ("same-site=Lax", "\"same-site\""),
        ("priority=urgent", "\"priority\""),
        ("name=a b", "\"name\""), ("name=", "\"name\""), ("name='a;b'", "\"name\""),
        ("title=x", "\"title\" is not an option"),
        ("path='/a", "quote"), ("rolling=on\u{1}", "not text"), ("=on", "\"\" is not an option"),
    ]

    @Test(arguments: wrong) func `is refused with a message that names what is wrong`(
        _ text: String,
        _ named: String
    ) {
        let error = #expect(throws: SessionError.self) { try SiteOptions(text.utf8) }
        #expect(error?.code == .options)
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
    }

    @Test func `does not hide a semicolon behind a combining mark`() {
        #expect(throws: SessionError.self) { try SiteOptions("rolling=on;\u{301} resave=on".utf8) }
    }

    @Test func `is refused when it is not text or too long`() {
        #expect(throws: SessionError.self) { try SiteOptions([0x72, 0xFF]) }
        #expect(throws: SessionError.self) {
            try SiteOptions(Array(repeating: UInt8(ascii: " "), count: 4097))
        }
    }

    @Test func `is read once, and its error comes each time`() throws {
        let cache = SiteOptions.Cache()
        let good = Request(.get, "/", parameters: ["LATCHKEY_OPTIONS": "rolling=on"])
        #expect(try cache.options(of: good).session.rolling)
        #expect(try cache.options(of: good).session.rolling)
        let bad = Request(.get, "/", parameters: ["LATCHKEY_OPTIONS": "rolling=maybe"])
        for _ in 0..<2 { #expect(throws: SessionError.self) { try cache.options(of: bad) } }
        #expect(try cache.options(of: Request(.get, "/")).session == SessionOptions())
    }

    @Test func `survives rubbish`() {
        let seed = UInt64(ProcessSeed.value)
        var random = SplitMix(state: seed)
        let pieces = [
            "idle", "=", ";", " ", "'", "5m", "on", "name", "\u{301}", "é", "path=/", "-",
            "9999999999999999999", "d",
        ]
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<Int(random.next() % 12) { text += pieces[Int(random.next() % UInt64(pieces.count))] }
            // Either outcome is fine; a trap is not.
            _ = try? SiteOptions(text.utf8)
        }
        #expect(random.state != seed, "seed \(seed)")
    }
}
