internal import Web

/// A record's payload, taken apart: express-session's JSON with, in `strict`, one member of our own.
struct SessionPayload: Sendable {
    /// Instants that `strict` needs and express-session does not have; kept under `SessionReservedNames.own`.
    struct Own: Sendable, Equatable {
        /// When the session began, in milliseconds since 1970.
        var created: Int64
        /// When its id was last renewed.
        var renewed: Int64
        /// The key, 64 hexadecimal digits, of the session that this one became; the old id answers for it for a while.
        var successor: String?
    }

    var cookie: SessionCookie
    var values: SessionValues
    var own: Own?
}

/// Between a record's bytes and its parts.
///
/// The form is the JSON that express-session writes: `{"cookie":{…},"name":value,…}`. Values that nobody touched are written
/// as the bytes they came in.
enum SessionCodec {
    /// Why a payload is not a session.
    enum Failure: Error, Equatable {
        /// Not a JSON object, too deep, or a name twice.
        case notJSON
        /// An object without an object under `cookie`.
        case noCookie
    }

    /// As deep as anything is read here: what a program nests deeper is not a session that this library wrote.
    private static let maximumDepth = 64

    static func decode(_ payload: [UInt8]) throws(Failure) -> SessionPayload {
        let members: [JSONMember]
        do throws(JSONError) {
            members = try JSON.objectEntries(payload[...], maximumDepth: maximumDepth)
        } catch {
            // Well-formed JSON of another kind is a record without a cookie; `null` is what JavaScript calls nothing.
            guard error.reason == .wrongKind, !JSON.isNull(payload[...]),
                (try? JSON.validate(payload[...], maximumDepth: maximumDepth)) != nil
            else { throw .notJSON }
            throw .noCookie
        }
        var bytes = payload
        var entries: [SessionValues.Entry] = []
        entries.reserveCapacity(members.count)
        var cookie: SessionCookie?
        var own: SessionPayload.Own?
        for member in members {
            var name = member.nameRange
            if payload[name].contains(UInt8(ascii: "\\")) {
                // One spelling for each name, so that names can be compared as bytes.
                var quoted: [UInt8] = []
                JSON.appendString(member.name, to: &quoted)
                name = bytes.count..<bytes.count + quoted.count - 2
                bytes.append(contentsOf: quoted.dropFirst().dropLast())
            }
            if bytes[name].elementsEqual("cookie".utf8) {
                cookie = SessionCookie(json: payload[member.valueRange])
            } else if bytes[name].elementsEqual(SessionReservedNames.own.utf8) {
                own = decodeOwn(payload[member.valueRange])
            } else if !SessionReservedNames.contains(bytes: bytes[name]) {
                entries.append(SessionValues.Entry(name: name, value: member.valueRange))
            }
        }
        guard let cookie else { throw .noCookie }
        return SessionPayload(cookie: cookie, values: SessionValues(bytes: bytes, entries: entries), own: own)
    }

    static func encode(_ payload: SessionPayload) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.values.bytes.count + 256)
        bytes.append(contentsOf: #"{"cookie":"#.utf8)
        payload.cookie.appendJSON(to: &bytes)
        payload.values.appendMembers(to: &bytes)
        if let own = payload.own {
            bytes.append(contentsOf: #","\#(SessionReservedNames.own)":{"created":"#.utf8)
            JSON.appendInteger(own.created, to: &bytes)
            bytes.append(contentsOf: #","renewed":"#.utf8)
            JSON.appendInteger(own.renewed, to: &bytes)
            if let successor = own.successor {
                bytes.append(contentsOf: #","successor":"#.utf8)
                JSON.appendString(successor, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private static func decodeOwn(_ bytes: ArraySlice<UInt8>) -> SessionPayload.Own? {
        guard let members = try? JSON.objectEntries(bytes) else { return nil }
        var own = SessionPayload.Own(created: 0, renewed: 0, successor: nil)
        for member in members {
            let value = bytes[member.valueRange]
            switch member.name {
            case "created": own.created = JSON.integer(value) ?? 0
            case "renewed": own.renewed = JSON.integer(value) ?? 0
            case "successor": own.successor = JSON.string(value)
            default: break
            }
        }
        return own
    }
}
