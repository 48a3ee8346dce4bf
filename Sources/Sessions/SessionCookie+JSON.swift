internal import Web

extension SessionCookie {
    /// Appends the JSON object that express-session writes: its keys in its order, what is not set left out.
    func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"originalMaxAge":"#.utf8)
        if let originalMaxAge {
            JSON.appendInteger(originalMaxAge, to: &bytes)
        } else {
            bytes.append(contentsOf: "null".utf8)
        }
        if let partitioned { SessionCookie.append("partitioned", partitioned, to: &bytes) }
        if let priority { SessionCookie.append("priority", priority.rawValue, to: &bytes) }
        if let expires {
            bytes.append(contentsOf: #","expires":""#.utf8)
            expires.appendISO8601(to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        } else {
            bytes.append(contentsOf: #","expires":null"#.utf8)
        }
        if let secure { SessionCookie.append("secure", secure, to: &bytes) }
        SessionCookie.append("httpOnly", httpOnly, to: &bytes)
        if let domain { SessionCookie.append("domain", domain, to: &bytes) }
        if let path { SessionCookie.append("path", path, to: &bytes) }
        if let sameSite { SessionCookie.append("sameSite", sameSite.rawValue, to: &bytes) }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Reads what this or express-session wrote; nil when the bytes are not an object.
    ///
    /// A field of another type than expected is as if it were not there. `httpOnly` is true and `path` is `/` unless the
    /// object says otherwise, as in express-session's constructor.
    init?(json bytes: ArraySlice<UInt8>) {
        guard let members = try? JSON.objectEntries(bytes, duplicates: .kept) else { return nil }
        self.init()
        for member in members {
            let value = bytes[member.valueRange]
            switch member.name {
            case "originalMaxAge":
                // Express loses parts of a millisecond to its clock: 59999 is normal, 59999.4 could be.
                originalMaxAge = JSON.number(value).flatMap { Int64(exactly: $0.rounded()) }
            case "expires": expires = UnixTime(iso8601: value.dropFirst().dropLast())
            case "httpOnly": httpOnly = JSON.boolean(value) ?? httpOnly
            case "secure": secure = JSON.boolean(value)
            case "partitioned": partitioned = JSON.boolean(value)
            case "domain": domain = JSON.string(value)
            case "path": path = JSON.string(value)
            case "priority":
                priority = JSON.string(value).flatMap { SetCookie.Priority(rawValue: $0.lowercased()) }
            case "sameSite":
                if let flag = JSON.boolean(value) {
                    sameSite = flag ? .strict : nil
                } else {
                    sameSite = JSON.string(value).flatMap { SetCookie.SameSite(rawValue: $0.lowercased()) }
                }
            default: break
            }
        }
    }

    private static func append(_ name: StaticString, _ flag: Bool, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    private static func append(_ name: StaticString, _ text: String, to bytes: inout [UInt8]) {
        appendName(name, to: &bytes)
        JSON.appendString(text, to: &bytes)
    }

    private static func appendName(_ name: StaticString, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #",""#.utf8)
        // Safe because a static string's bytes live for ever.
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: #"":"#.utf8)
    }
}
