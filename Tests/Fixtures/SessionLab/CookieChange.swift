import Sessions
import Web

/// `cookie FIELD VALUE`: one field of the session's cookie and what it becomes; nil is "not set".
enum CookieChange {
    case httpOnly(Bool), secure(Bool?), partitioned(Bool?), path(String?), domain(String?)
    case sameSite(SetCookie.SameSite?), priority(SetCookie.Priority?)

    /// Nil for an unknown field, and for a value of a wrong type or word.
    init?(_ field: ArraySlice<UInt8>, _ json: ArraySlice<UInt8>) {
        let isNull = JSON.isNull(json)
        let flag = JSON.boolean(json)
        let text = JSON.string(json)
        switch String(decoding: field, as: UTF8.self) {
        case "httpOnly" where isNull || flag != nil: self = .httpOnly(flag ?? false)
        case "secure" where isNull || flag != nil: self = .secure(flag)
        case "partitioned" where isNull || flag != nil: self = .partitioned(flag)
        case "path" where isNull || text != nil: self = .path(text)
        case "domain" where isNull || text != nil: self = .domain(text)
        case "sameSite":
            if isNull || flag == false {
                self = .sameSite(nil)
            } else if flag == true {
                self = .sameSite(.strict)
            } else if let word = text.flatMap({ SetCookie.SameSite(rawValue: $0) }) {
                self = .sameSite(word)
            } else {
                return nil
            }
        case "priority":
            if isNull {
                self = .priority(nil)
            } else if let word = text.flatMap({ SetCookie.Priority(rawValue: $0) }) {
                self = .priority(word)
            } else {
                return nil
            }
        default: return nil
        }
    }

    func apply(to cookie: inout SessionCookie) {
        switch self {
        case .httpOnly(let flag): cookie.httpOnly = flag
        case .secure(let flag): cookie.secure = flag
        case .partitioned(let flag): cookie.partitioned = flag
        case .path(let text): cookie.path = text
        case .domain(let text): cookie.domain = text
        case .sameSite(let word): cookie.sameSite = word
        case .priority(let word): cookie.priority = word
        }
    }
}
