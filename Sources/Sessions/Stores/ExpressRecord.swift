internal import Web

/// A session as session-file-store keeps it: the session's JSON with `__lastAccess` in it, and expiry reckoned from the two.
enum ExpressRecord {
    /// What Express does not bound; beyond it a file counts as damaged.
    private static let maximumDepth = 64

    /// Reads a file's bytes.
    ///
    /// The payload keeps every byte but the member `__lastAccess`. Expiry is session-file-store's: `__lastAccess` and then
    /// `cookie.originalMaxAge`, or `ttl` where that is null, 0 or missing; without `__lastAccess` it never expires.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - ttl: session-file-store's option, in milliseconds.
    ///   - modified: the time of the file's last change; stands for the last use where `__lastAccess` is missing.
    /// - Returns: nil when it is not JSON at all; what is JSON but no object is handed out as it is.
    static func decode(_ bytes: [UInt8], ttl: Int64, modified: UnixTime) -> SessionRecord? {
        let all = bytes[...]
        guard JSON.kind(of: all) == .object else {
            do { try JSON.validate(all, maximumDepth: maximumDepth) } catch { return nil }
            return SessionRecord(
                payload: bytes,
                expires: modified.advanced(byMilliseconds: ttl),
                lastUsed: modified
            )
        }
        guard let members = try? JSON.objectEntries(all, maximumDepth: maximumDepth, duplicates: .kept) else {
            return nil
        }
        guard
            let lastAccess = members.last(where: { isLastAccess($0, all) })
                .flatMap({ milliseconds(all[$0.valueRange]) })
        else {
            return SessionRecord(
                payload: payload(bytes, members),
                expires: UnixTime(milliseconds: .max),
                lastUsed: modified
            )
        }
        let lastUsed = UnixTime(milliseconds: lastAccess)
        return SessionRecord(
            payload: payload(bytes, members),
            expires: lastUsed.advanced(byMilliseconds: life(all, members) ?? ttl),
            lastUsed: lastUsed
        )
    }

    /// The bytes of a file: the payload with `__lastAccess` as its last member; nil when the payload is no JSON object.
    static func encode(_ payload: [UInt8], lastUsed: UnixTime) -> [UInt8]? {
        let all = payload[...]
        guard let members = try? JSON.objectEntries(all, maximumDepth: maximumDepth, duplicates: .kept) else {
            return nil
        }
        return rebuilt(all, members, lastAccess: lastUsed)
    }

    private static func isLastAccess(_ member: JSONMember, _ bytes: ArraySlice<UInt8>) -> Bool {
        member.name.utf8.elementsEqual(SessionReservedNames.lastAccess.utf8)
    }

    /// `cookie.originalMaxAge` where it is a number other than 0, as JavaScript's `||` has it.
    private static func life(_ bytes: ArraySlice<UInt8>, _ members: [JSONMember]) -> Int64? {
        guard let cookie = members.last(where: { $0.name.utf8.elementsEqual("cookie".utf8) }),
            let parts = try? JSON.objectEntries(
                bytes[cookie.valueRange],
                maximumDepth: maximumDepth,
                duplicates: .kept
            ),
            let age = parts.last(where: { $0.name.utf8.elementsEqual("originalMaxAge".utf8) }),
            let life = milliseconds(bytes[age.valueRange]), life != 0
        else { return nil }
        return life
    }

    private static func milliseconds(_ raw: ArraySlice<UInt8>) -> Int64? {
        if let whole = JSON.integer(raw) { return whole }
        guard let number = JSON.number(raw) else { return nil }
        return Int64(exactly: number.rounded(.down)) ?? (number < 0 ? .min : .max)
    }

    private static func payload(_ bytes: [UInt8], _ members: [JSONMember]) -> [UInt8] {
        let all = bytes[...]
        return members.contains { isLastAccess($0, all) } ? rebuilt(all, members, lastAccess: nil) : bytes
    }

    /// The object with every member but `__lastAccess` as it was, in order, and that one at the end where it is given.
    private static func rebuilt(
        _ bytes: ArraySlice<UInt8>,
        _ members: [JSONMember],
        lastAccess: UnixTime?
    ) -> [UInt8] {
        var kept: [UInt8] = [UInt8(ascii: "{")]
        kept.reserveCapacity(bytes.count + 40)
        for member in members where !isLastAccess(member, bytes) {
            if kept.count > 1 { kept.append(UInt8(ascii: ",")) }
            // From the quote before the name to the end of the value.
            kept.append(contentsOf: bytes[member.nameRange.lowerBound - 1..<member.valueRange.upperBound])
        }
        if let lastAccess {
            if kept.count > 1 { kept.append(UInt8(ascii: ",")) }
            JSON.appendString(SessionReservedNames.lastAccess, to: &kept)
            kept.append(UInt8(ascii: ":"))
            JSON.appendInteger(lastAccess.milliseconds, to: &kept)
        }
        kept.append(UInt8(ascii: "}"))
        return kept
    }
}
