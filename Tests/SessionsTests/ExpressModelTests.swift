import Foundation
import Logging
import Synchronization
import Testing
import Web

@testable import Sessions

/// A date as JavaScript's `toUTCString` prints it, made by Foundation.
enum HTTPDateText {
    private static let format = Mutex(make())

    private static func make() -> DateFormatter {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format
    }

    static func of(_ milliseconds: Int64) -> String {
        // Cut, not rounded, before 1970 too.
        let seconds = (Double(milliseconds) / 1000).rounded(.down)
        return format.withLock { $0.string(from: Date(timeIntervalSince1970: seconds)) }
    }
}

@Suite struct `The express profile` {
    private typealias Model = ExpressModel

    /// What a handler saw; filled by the handler.
    private final class Seen: Sendable {
        let answer = Mutex(ExpressModel.Answer())
    }

    /// Random numbers, and what is made of them.
    private struct Dice {
        var random: SplitMix

        mutating func roll(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        mutating func flip() -> Bool { roll(2) == 0 }
        mutating func pick<Value>(_ values: [Value]) -> Value { values[roll(values.count)] }
    }

    /// What a run is about besides its seed.
    private enum Medium { case memory, files(String) }

    private static func options(_ dice: inout Dice, _ medium: Medium) -> Model.Options {
        var options = Model.Options()
        options.resave = dice.flip()
        options.saveUninitialized = dice.flip()
        options.rolling = dice.flip()
        options.unsetDestroys = dice.flip()
        switch dice.roll(5) {
        case 0, 1: options.maxAge = dice.pick([0, 999, 5000, 60_000, 3_000_000_000])
        case 2: options.expires = 1_795_420_800_000 + Int64(dice.roll(100_000))
        case 3: if case .files = medium { options.maxAge = 400_000 }
        default: break
        }
        // session-file-store forgets the values of a session that is touched after its end; that is not copied.
        if case .files = medium, let expires = options.expires { options.expires = expires + 10_000_000 }
        if dice.roll(4) > 0 { return options }
        options.httpOnly = dice.flip()
        options.secure = dice.pick([nil, "on", "off", "auto"])
        options.sameSite = dice.pick([nil, "strict", "lax", "none", "auto"])
        options.domain = dice.pick([nil, ".example.com"])
        options.priority = dice.pick([nil, "low", "high"])
        options.partitioned = dice.pick([nil, true, false])
        return options
    }

    private static func operation(_ dice: inout Dice, _ medium: Medium) -> Model.Operation {
        guard case .files = medium else { return operation(&dice) }
        while true {
            switch operation(&dice) {
            case .maxAge(let age?) where age < 0: continue
            case .expires(let end?, let isAbsolute) where end < 0 || isAbsolute: continue
            case let operation: return operation
            }
        }
    }

    private static func operation(_ dice: inout Dice) -> Model.Operation {
        let name = dice.pick(["a", "b", "c"])
        return switch dice.roll(22) {
        case 0...6:
            .set(
                name,
                dice.pick(["1", "2", "null", "true", #""x""#, "[1,2]", #"{"cookie":{"n":1}}"#, "1.5"])
            )
        case 7, 8: .delete(name)
        case 9, 10: .increment(name)
        case 11: .regenerate
        case 12: dice.flip() ? .destroy : .unset
        case 13, 14: .reload
        case 15, 16: .save
        case 17: .touch
        case 18: .maxAge(dice.pick([nil, 0, 1000, -1000, 60_000, 3_000_000_000]))
        case 19:
            dice.pick([
                .expires(nil, isAbsolute: false), .expires(3000, isAbsolute: false),
                .expires(-5000, isAbsolute: false), .expires(0, isAbsolute: true),
                .expires(8_640_000_000, isAbsolute: false),
            ])
        case 20: .httpOnly(dice.flip())
        default: dice.pick([.secure(true), .secure(false), .path("/a"), .sameSite("strict"), .sameSite(nil)])
        }
    }

    private static func translated(_ model: Model.Options) -> SessionOptions {
        var options = SessionOptions(.express)
        options.resave = model.resave
        options.saveUninitialized = model.saveUninitialized
        options.rolling = model.rolling
        options.unset = model.unsetDestroys ? .destroy : .keep
        options.cookie.httpOnly = model.httpOnly
        options.cookie.secure = model.secure.flatMap { SessionCookieOptions.Secure(rawValue: $0) }
        options.cookie.sameSite = model.sameSite.flatMap { SessionCookieOptions.SameSite(rawValue: $0) }
        options.cookie.domain = model.domain
        options.cookie.priority = model.priority.flatMap { SetCookie.Priority(rawValue: $0) }
        options.cookie.partitioned = model.partitioned
        if let maxAge = model.maxAge { options.cookie.lifetime = .maxAge(maxAge) }
        if let expires = model.expires {
            options.cookie.lifetime = .expires(UnixTime(milliseconds: expires))
        }
        return options
    }

    /// One operation on our session; what the model's `results` would hold.
    private static func perform(_ operation: Model.Operation, _ session: inout Session, _ now: UnixTime)
        throws -> Character
    {
        guard session.isPresent else { return "-" }
        switch operation {
        case .set(let name, let text): session[SessionKey<RawJSON>(name)] = try RawJSON(text.utf8)
        case .delete(let name): session.remove(SessionKey<RawJSON>(name))
        case .increment(let name): session[SessionKey<Int>(name), default: 0] += 1
        case .regenerate: try session.regenerate()
        case .destroy: try session.destroy()
        case .reload:
            do throws(SessionError) { try session.reload() } catch {
                guard error.code == .reload else { throw error }
                return "!"
            }
        case .save: try session.save()
        case .touch: session.touch()
        case .unset: session.unset()
        case .maxAge(let milliseconds): session.maxAge = milliseconds
        case .expires(let instant, let isAbsolute):
            session.expires = instant.map {
                isAbsolute ? UnixTime(milliseconds: $0) : now.advanced(byMilliseconds: $0)
            }
        case .httpOnly(let flag): session.cookie.httpOnly = flag
        case .secure(let flag): session.cookie.secure = flag
        case .path(let path): session.cookie.path = path
        case .sameSite(let word):
            session.cookie.sameSite = word.flatMap { SetCookie.SameSite(rawValue: $0) }
        }
        return "."
    }

    private static func translated(_ cookie: SessionCookie, expires: UnixTime?) -> Model.Cookie {
        var copy = Model.Cookie()
        copy.originalMaxAge = cookie.originalMaxAge
        copy.expires = expires?.milliseconds
        copy.httpOnly = cookie.httpOnly
        copy.secure = cookie.secure
        copy.sameSite = cookie.sameSite?.rawValue
        copy.domain = cookie.domain
        copy.priority = cookie.priority?.rawValue
        copy.partitioned = cookie.partitioned
        copy.path = cookie.path
        return copy
    }

    private static func translated(_ values: SessionValues) -> Model.Values {
        Model.Values(
            list: values.entries.indices.map {
                Model.Values.Pair(
                    name: String(decoding: values.name(at: $0), as: UTF8.self),
                    text: String(decoding: values.value(at: $0), as: UTF8.self)
                )
            }
        )
    }

    /// The records that another request could still load, by id.
    private static func live(_ store: any SessionStore, ids: [String], _ now: UnixTime) throws -> [String:
        Model.Session]
    {
        var found: [String: Model.Session] = [:]
        for id in ids {
            guard let record = try store.load(SessionStoreKey(id: id, for: store.traits)),
                record.expires > now
            else { continue }
            let payload = try SessionCodec.decode(record.payload)
            // A store may keep the end beside the payload, and a life of its own where the cookie has none.
            let isBeside = !store.traits.keepsExpiryInPayload && payload.cookie.expires != nil
            let expires = isBeside ? record.expires : payload.cookie.expires
            found[id] = Model.Session(
                cookie: translated(payload.cookie, expires: expires),
                values: translated(payload.values)
            )
        }
        return found
    }

    /// One browser's requests against ours and the model; the first difference, or nil.
    private static func difference(seed: UInt64, _ medium: Medium) throws -> String? {
        var dice = Dice(random: SplitMix(state: seed))
        let options = options(&dice, medium)
        let clock = StillClock("2026-11-23T08:00:00.250Z")
        let store: any SessionStore
        var model: Model
        switch medium {
        case .memory:
            store = MemorySessionStore()
            model = Model(options)
        case .files(let folder):
            var files = FileSessionStore.Options()
            files.layout = .express
            files.durability = .none
            store = try FileSessionStore(
                directory: "\(folder)/\(seed)",
                options: files,
                logger: Logger(label: "sessions")
            )
            model = Model(options, .files(ttl: 3_600_000))
        }
        let counter = Counter()
        let visitor = try Visitor(
            translated(options),
            store: store,
            clock: clock,
            generateID: .custom { _ in counter.next() }
        )
        let exchange = SessionCookieExchange(
            signer: CookieSigner(visitor.secrets),
            options: visitor.options,
            acceptsAnyID: true
        )
        var jar: String?
        var story = "seed \(seed), \(options)"
        // With files, no sum of steps is a maxAge: session-file-store counts the last millisecond in, we count it out.
        var steps: [Int64] = [0, 0, 1, 400, 1000, 5000, 70_000]
        if case .files = medium { steps = [0, 0, 1, 400, 1007, 5003, 70_011] }
        for _ in 0..<(3 + dice.roll(8)) {
            clock.advance(milliseconds: dice.pick(steps))
            var id = jar
            switch dice.roll(12) {
            case 0: id = nil
            case 1: id = "id-\(dice.roll(6))"
            default: break
            }
            let isForged = dice.roll(15) == 0
            let isSecure = dice.roll(3) == 0
            let operations = (0..<dice.roll(6)).map { _ in operation(&dice, medium) }
            let now = clock.now
            visitor.jar = [:]
            if let id { visitor.jar["connect.sid"] = exchange.value(id) + (isForged ? "A" : "") }
            visitor.isSecure = isSecure
            story += "\n\(now) cookie \(id ?? "none")\(isForged ? " forged" : "")\(isSecure ? " TLS" : ""): "
            story += operations.map { "\($0)" }.joined(separator: "; ")

            let seen = Seen()
            let response = try visitor.visit { _, session in
                var answer = Model.Answer()
                for operation in operations { answer.results.append(try perform(operation, &session, now)) }
                if session.isPresent {
                    answer.id = session.id
                    answer.seen = Model.Session(
                        cookie: translated(session.cookie, expires: session.cookie.expires),
                        values: translated(session.values)
                    )
                }
                let done = answer
                seen.answer.withLock { $0 = done }
                return .text("")
            }
            guard response.status == .ok else { return "\(story)\nour status \(response.status)" }
            var ours = seen.answer.withLock { $0 }
            if let line = response.cookies.first {
                var parts = line.components(separatedBy: "; ")
                let value = parts.removeFirst().dropFirst("connect.sid=".count)
                ours.sentID = (0...counter.count).map { "id-\($0)" }.first { exchange.value($0) == value }
                ours.attributes = parts
            }
            let theirs = model.request(
                isForged ? nil : id,
                isSecure: isSecure,
                operations,
                now.milliseconds
            )
            if ours != theirs { return "\(story)\nours   \(ours)\ntheirs \(theirs)" }
            let records = try live(store, ids: (0...counter.count).map { "id-\($0)" }, now)
            if records != model.live(now.milliseconds) {
                return "\(story)\nour store   \(records)\ntheir store \(model.live(now.milliseconds))"
            }
            jar = theirs.sentID ?? jar
        }
        return nil
    }

    /// Ids in a row.
    private final class Counter: Sendable {
        private let made = Mutex(0)
        var count: Int { made.withLock { $0 } }
        func next() -> String {
            made.withLock { made in
                defer { made += 1 }
                return "id-\(made)"
            }
        }
    }

    private func compare(_ runs: Int, _ medium: Medium) throws {
        var differences = 0
        for run in 0..<runs {
            let seed = ProcessSeed.value &+ UInt64(run)
            guard let difference = try Self.difference(seed: seed, medium) else { continue }
            differences += 1
            if differences <= 5 { Issue.record("\(difference)") }
        }
        #expect(differences == 0, "\(differences) of \(runs) scripts from seed \(ProcessSeed.value)")
    }

    @Test func `does what a small model of express-session does, in random scripts`() throws {
        try compare(3000, .memory)
    }

    @Test func `does so with the files of session-file-store`() throws {
        let folder = NSTemporaryDirectory() + "/lkm-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try compare(300, .files(folder))
    }
}
