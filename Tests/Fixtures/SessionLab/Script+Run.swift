import Glibc
import Sessions
import Web

extension Script {
    /// What `fail` throws.
    struct Failed: Error {}

    /// Runs the operations in order, and says what they did.
    func run(_ session: inout Session) throws -> Response {
        var response = Response.json([])
        var results: [[UInt8]] = []
        for operation in operations { results.append(try perform(operation, &session, &response)) }
        var body = Array(#"{"results":["#.utf8)
        for (index, result) in results.enumerated() {
            if index > 0 { body.append(0x2C) }
            body += result
        }
        body += Array(#"],"session":"#.utf8)
        body += Script.describe(&session)
        body.append(0x7D)
        response.body = body
        return response
    }

    private func perform(
        _ operation: Operation,
        _ session: inout Session,
        _ response: inout Response
    ) throws -> [UInt8] {
        switch operation {
        case .header(let name, let value): response.headers.append(name, value)
        case .sleep(let milliseconds): usleep(UInt32(clamping: milliseconds * 1000))
        case .status(let status): response.status = status
        case .fail: throw Failed()
        default:
            guard session.isPresent else { return Script.error("no session") }
            do throws(SessionError) {
                return try Script.perform(operation, &session)
            } catch {
                return Script.error(error.message)
            }
        }
        return Script.null
    }

    private static func perform(_ operation: Operation, _ session: inout Session) throws(SessionError)
        -> [UInt8]
    {
        switch operation {
        case .get(let key): return session[SessionKey<RawJSON>(key)].map(canonical) ?? null
        case .set(let key, let value): session[SessionKey<RawJSON>(key)] = value
        case .delete(let key): session.remove(SessionKey<RawJSON>(key))
        case .increment(let key): return increment(key, &session)
        case .keys: return text(of: session.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        case .id: return quoted(session.id)
        case .regenerate(let keepingData): try session.regenerate(keepingData: keepingData)
        case .destroy: try session.destroy()
        case .reload: try session.reload()
        case .save: try session.save()
        case .touch: session.touch()
        case .unset: session.unset()
        case .maxAge(let milliseconds): session.maxAge = milliseconds
        case .expires(let instant): session.expires = instant
        case .changeCookie(let change): change.apply(to: &session.cookie)
        case .cookie: return describe(session.cookie)
        case .header, .sleep, .status, .fail: break
        }
        return null
    }

    /// Adds 1 in place; the session's lock is taken by the access, so the check and the change see the same number.
    private static func increment(_ key: String, _ session: inout Session) -> [UInt8] {
        guard let zero = try? RawJSON("0".utf8) else { return null }
        return add(to: &session[SessionKey<RawJSON>(key), default: zero])
    }

    private static func add(to value: inout RawJSON) -> [UInt8] {
        guard let number = JSON.number(value.bytes[...]) else { return error("not a number") }
        var sum: [UInt8] = []
        JSON.appendNumber(number + 1, to: &sum)
        if let raw = try? RawJSON(sum) { value = raw }
        return sum
    }

    static let null = Array("null".utf8)

    static func error(_ message: String) -> [UInt8] { Array(#"{"error":"#.utf8) + quoted(message) + [0x7D] }

    static func quoted(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        JSON.appendString(text, to: &bytes)
        return bytes
    }

    private static func canonical(_ value: RawJSON) -> [UInt8] {
        (try? JSON.canonicalise(value.bytes[...], maximumDepth: 64)) ?? null
    }

    private static func text(of names: [String]) -> [UInt8] {
        var bytes: [UInt8] = [0x5B]
        for (index, name) in names.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += quoted(name)
        }
        return bytes + [0x5D]
    }

    private static func describe(_ session: inout Session) -> [UInt8] {
        guard session.isPresent else { return null }
        var bytes = Array(#"{"id":"#.utf8) + quoted(session.id)
        bytes += Array((session.isNew ? #","new":true,"values":{"# : #","new":false,"values":{"#).utf8)
        for (index, name) in session.names.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += quoted(name) + [0x3A] + (session[SessionKey<RawJSON>(name)].map(canonical) ?? null)
        }
        return bytes + Array("}}".utf8)
    }

    private static func describe(_ cookie: SessionCookie) -> [UInt8] {
        var members: [(String, [UInt8])] = []
        members.append(("originalMaxAge", cookie.originalMaxAge.map { Array("\($0)".utf8) } ?? null))
        if let partitioned = cookie.partitioned {
            members.append(("partitioned", Array("\(partitioned)".utf8)))
        }
        if let priority = cookie.priority { members.append(("priority", quoted(priority.rawValue))) }
        members.append(("expires", cookie.expires.map { quoted($0.iso8601) } ?? null))
        if let secure = cookie.secure { members.append(("secure", Array("\(secure)".utf8))) }
        members.append(("httpOnly", Array("\(cookie.httpOnly)".utf8)))
        if let domain = cookie.domain { members.append(("domain", quoted(domain))) }
        if let path = cookie.path { members.append(("path", quoted(path))) }
        if let sameSite = cookie.sameSite { members.append(("sameSite", quoted(sameSite.rawValue))) }
        var bytes: [UInt8] = [0x7B]
        for (index, (name, value)) in members.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes += quoted(name) + [0x3A] + value
        }
        return bytes + [0x7D]
    }
}
