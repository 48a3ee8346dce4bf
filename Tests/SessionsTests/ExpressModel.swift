import Foundation

/// express-session 1.19 in small: dictionaries, four decisions, its cookie and its memory store.
///
/// Written from the description of its behaviour and not from our code. Instants are milliseconds since 1970, values JSON texts.
struct ExpressModel {
    struct Options {
        var resave = true
        var saveUninitialized = true
        var rolling = false
        var unsetDestroys = false
        var maxAge: Int64?
        var expires: Int64?
        var httpOnly = true
        var secure: String?
        var sameSite: String?
        var domain: String?
        var priority: String?
        var partitioned: Bool?
    }

    /// `session.cookie`.
    struct Cookie: Equatable {
        var originalMaxAge: Int64?
        var expires: Int64?
        var httpOnly = true
        var secure: Bool?
        var sameSite: String?
        var domain: String?
        var priority: String?
        var partitioned: Bool?
        var path: String? = "/"

        /// The setter `expires`: the time left becomes what each touch moves it by.
        mutating func setExpires(_ instant: Int64?, _ now: Int64) {
            expires = instant
            originalMaxAge = instant.map { $0 - now }
        }

        mutating func setMaxAge(_ milliseconds: Int64?, _ now: Int64) {
            setExpires(milliseconds.map { now + $0 }, now)
        }

        /// `resetMaxAge()`.
        mutating func touch(_ now: Int64) { setMaxAge(originalMaxAge, now) }
    }

    /// The own properties of a session but `cookie`, in order.
    struct Values: Equatable {
        var list: [Pair] = []

        struct Pair: Equatable {
            let name: String
            var text: String
        }

        subscript(name: String) -> String? {
            get { list.first { $0.name == name }?.text }
            set {
                guard let newValue else { return list.removeAll { $0.name == name } }
                if let index = list.firstIndex(where: { $0.name == name }) {
                    list[index].text = newValue
                } else {
                    list.append(Pair(name: name, text: newValue))
                }
            }
        }
    }

    struct Session: Equatable {
        var cookie: Cookie
        var values = Values()
    }

    enum Operation: Sendable {
        case set(String, String), delete(String), increment(String)
        case regenerate, destroy, reload, save, touch, unset
        case maxAge(Int64?)
        /// Milliseconds from now, or from 1970.
        case expires(Int64?, isAbsolute: Bool)
        case httpOnly(Bool), secure(Bool?), path(String?), sameSite(String?)
    }

    /// What a request is answered, and what its handler saw at the end.
    struct Answer: Equatable {
        /// One character for each operation: `.` went well, `!` failed, `-` there was no session.
        var results = ""
        var id: String?
        var seen: Session?
        var sentID: String?
        var attributes: [String] = []
    }

    /// Whose store it is.
    enum Store {
        /// express-session's own, in memory.
        case memory
        /// session-file-store, with its option `ttl` in milliseconds.
        case files(ttl: Int64)
    }

    private struct Record {
        var session: Session
        /// session-file-store's `__lastAccess`.
        var lastAccess: Int64
    }

    let options: Options
    let kind: Store
    private var store: [String: Record] = [:]
    private var generated = 0

    init(_ options: Options, _ kind: Store = .memory) {
        self.options = options
        self.kind = kind
    }

    // MARK: the store

    private func hasExpired(_ record: Record, _ now: Int64) -> Bool {
        switch kind {
        case .memory: return record.session.cookie.expires.map { $0 <= now } ?? false
        case .files(let ttl):
            // `cookie.originalMaxAge || ttl`: 0 counts as not given, and the cookie's own end does not count.
            let age = record.session.cookie.originalMaxAge ?? 0
            return record.lastAccess + (age == 0 ? ttl : age) < now
        }
    }

    /// `get`: an expired record is removed, and is not there.
    private mutating func get(_ id: String, _ now: Int64) -> Session? {
        guard let found = store[id] else { return nil }
        if hasExpired(found, now) {
            store[id] = nil
            return nil
        }
        return found.session
    }

    private mutating func set(_ id: String, _ session: Session, _ now: Int64) {
        store[id] = Record(session: session, lastAccess: now)
    }

    /// `touch`: the cookie alone is replaced, and only of a record that is there.
    private mutating func touch(_ id: String, _ cookie: Cookie, _ now: Int64) {
        guard var found = get(id, now) else { return }
        found.cookie = cookie
        set(id, found, now)
    }

    /// What another request could still load.
    func live(_ now: Int64) -> [String: Session] {
        store.filter { !hasExpired($0.value, now) }.mapValues(\.session)
    }

    // MARK: a request

    private mutating func generate(isSecure: Bool, _ now: Int64) -> (String, Session) {
        var cookie = Cookie()
        cookie.httpOnly = options.httpOnly
        cookie.domain = options.domain
        cookie.priority = options.priority
        cookie.partitioned = options.partitioned
        switch options.secure {
        case "on": cookie.secure = true
        case "off": cookie.secure = false
        case "auto": cookie.secure = isSecure
        default: break
        }
        cookie.sameSite = options.sameSite == "auto" ? (isSecure ? "none" : "lax") : options.sameSite
        if let maxAge = options.maxAge { cookie.setMaxAge(maxAge, now) }
        if let expires = options.expires { cookie.setExpires(expires, now) }
        defer { generated += 1 }
        return ("id-\(generated)", Session(cookie: cookie))
    }

    /// A whole request.
    ///
    /// - Parameters:
    ///   - cookieID: the id of a cookie whose signature is right.
    ///   - isSecure: whether the connection is.
    ///   - operations: what the handler does.
    ///   - now: the clock, which stands still.
    /// - Returns: the answer.
    mutating func request(_ cookieID: String?, isSecure: Bool, _ operations: [Operation], _ now: Int64)
        -> Answer
    {
        var sessionID: String
        var session: Session?
        var savedHash: Values?
        // `save` of a session that `regenerate` made goes past the middleware, which does not learn of it.
        var isWrapped = true
        if let cookieID, let found = get(cookieID, now) {
            sessionID = cookieID
            session = found
            if !options.resave { savedHash = found.values }
        } else {
            let (id, fresh) = generate(isSecure: isSecure, now)
            sessionID = id
            session = fresh
        }
        let originalID = sessionID
        let originalHash = session?.values

        var answer = Answer()
        for operation in operations {
            guard var current = session else {
                answer.results += "-"
                continue
            }
            var failed = false
            switch operation {
            case .set(let name, let text): current.values[name] = text
            case .delete(let name): current.values[name] = nil
            case .increment(let name):
                current.values[name] = "\((current.values[name].flatMap { Int($0) } ?? 0) + 1)"
            case .touch: current.cookie.touch(now)
            case .maxAge(let milliseconds): current.cookie.setMaxAge(milliseconds, now)
            case .expires(let instant, let isAbsolute):
                current.cookie.setExpires(instant.map { isAbsolute ? $0 : now + $0 }, now)
            case .httpOnly(let flag): current.cookie.httpOnly = flag
            case .secure(let flag): current.cookie.secure = flag
            case .path(let path): current.cookie.path = path
            case .sameSite(let word): current.cookie.sameSite = word
            case .regenerate:
                store[sessionID] = nil
                (sessionID, current) = generate(isSecure: isSecure, now)
                isWrapped = false
            case .reload:
                if let found = get(sessionID, now) { current = found } else { failed = true }
            case .save:
                set(sessionID, current, now)
                if isWrapped { savedHash = current.values }
            case .destroy, .unset: break
            }
            session = current
            if case .destroy = operation {
                store[sessionID] = nil
                session = nil
            }
            if case .unset = operation { session = nil }
            answer.results += failed ? "!" : "."
        }
        answer.id = session == nil ? nil : sessionID
        answer.seen = session

        // The end: destroy, or else save or touch; the cookie goes before.
        guard var session else {
            if options.unsetDestroys { store[sessionID] = nil }
            return answer
        }
        let isModified = originalID != sessionID || originalHash != session.values
        let isSaved = originalID == sessionID && savedHash == session.values
        let saves =
            !options.saveUninitialized && savedHash == nil && cookieID != sessionID ? isModified : !isSaved
        let sets =
            cookieID != sessionID
            ? options.saveUninitialized || isModified
            : options.rolling || session.cookie.expires != nil && isModified
        session.cookie.touch(now)
        if sets, session.cookie.secure != true || isSecure {
            answer.sentID = sessionID
            answer.attributes = attributes(session.cookie)
        }
        if saves {
            set(sessionID, session, now)
        } else if cookieID == sessionID {
            touch(sessionID, session.cookie, now)
        }
        return answer
    }

    /// In the order of the module cookie.
    private func attributes(_ cookie: Cookie) -> [String] {
        var list: [String] = []
        if let domain = cookie.domain { list.append("Domain=\(domain)") }
        if let path = cookie.path { list.append("Path=\(path)") }
        if let expires = cookie.expires { list.append("Expires=\(HTTPDateText.of(expires))") }
        if cookie.httpOnly { list.append("HttpOnly") }
        if cookie.secure == true { list.append("Secure") }
        if cookie.partitioned == true { list.append("Partitioned") }
        if let priority = cookie.priority { list.append("Priority=\(priority.capitalized)") }
        if let sameSite = cookie.sameSite { list.append("SameSite=\(sameSite.capitalized)") }
        return list
    }
}
