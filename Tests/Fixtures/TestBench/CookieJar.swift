/// The cookies of one browser and one host (RFC 6265, section 5), as far as tests need them.
public struct CookieJar: Sendable {
    /// One cookie.
    public struct Cookie: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its value as it came.
        public let value: String
        /// Below which paths it is sent.
        public let path: String
        /// Whether it is sent over encrypted connections alone.
        public let isSecure: Bool
    }

    /// What is there, the oldest first.
    public private(set) var cookies: [Cookie] = []

    /// An empty one.
    public init() {}

    /// The value of the cookie of a name; nil when there is none.
    public subscript(_ name: String) -> String? { cookies.first { $0.name == name }?.value }

    /// Puts a cookie there that no server sent.
    public mutating func plant(_ name: String, _ value: String, path: String = "/") {
        cookies.removeAll { $0.name == name }
        cookies.append(Cookie(name: name, value: value, path: path, isSecure: false))
    }

    /// Takes what an answer sets; a cookie that has ended goes.
    mutating func take(_ answer: HTTPAnswer) {
        for line in answer.values("Set-Cookie") {
            let parts = line.split(separator: ";").map { $0.drop { $0 == " " } }
            let pair = (parts.first ?? "").split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard pair.count == 2 else { continue }
            let path = parts.first { $0.hasPrefix("Path=") }?.dropFirst(5) ?? "/"
            let cookie = Cookie(
                name: String(pair[0]),
                value: String(pair[1]),
                path: String(path),
                isSecure: parts.contains("Secure")
            )
            cookies.removeAll { $0.name == cookie.name && $0.path == cookie.path }
            // The one end in the past that we ever send.
            if !parts.contains("Expires=Thu, 01 Jan 1970 00:00:00 GMT") { cookies.append(cookie) }
        }
    }

    /// The field that a request for a path carries; nil when there is nothing to send.
    func field(for target: String, isSecure: Bool) -> String? {
        let path = target.prefix { $0 != "?" }
        let sent = cookies.filter { cookie in
            let isBelow =
                path == cookie.path
                || path.hasPrefix(cookie.path.hasSuffix("/") ? cookie.path : cookie.path + "/")
            return isBelow && (isSecure || !cookie.isSecure)
        }
        return sent.isEmpty ? nil : sent.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }
}
