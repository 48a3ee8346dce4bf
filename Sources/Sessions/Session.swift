internal import Logging
internal import Web

/// What the server remembers of one browser, lent to a handler for one request.
///
/// It cannot be copied, outlive the request or cross to another thread, so it needs no lock of its own. A value is touched in one
/// of three ways, chosen by the syntax:
///
/// ```swift
/// let name = session[.user]               // read: from the snapshot that was loaded; never waits
/// session[.theme] = "dark"                // assign: an edit, merged into the record as it is when the request ends
/// session[.views, default: 0] += 1        // change in place: locks the session, reads again, keeps the lock until the end
/// ```
///
/// After `destroy` or `unset`, and outside the cookie's path, there is no session (`isPresent` is false): values read as nil and
/// assignments are dropped.
public struct Session: ~Copyable {
    let context: SessionContext
    /// How this request's session came about.
    public internal(set) var state: SessionState
    /// Whether there is a session to work on.
    public internal(set) var isPresent: Bool
    /// Whether the session did not come from the store: made by this request, or by `regenerate`.
    public internal(set) var isNew: Bool
    /// The id that the cookie carries; a secret, not for logs.
    public internal(set) var id: String
    /// The cookie's settings of this session, stored with it.
    public var cookie: SessionCookie

    /// The id that a verified cookie brought.
    var cookieID: String?
    /// Where the record is; not the id's own key while an old id answers for a renewed session.
    var key: SessionStoreKey
    var values: SessionValues
    /// The values as the store had them, as far as we know: what edits are a difference to.
    var base = SessionValues()
    /// The id and the values that a change is measured against; express-session's originalId and originalHash.
    var originalID: String
    var originalValues = SessionValues()
    /// The values as last stored under `savedID`; express-session's savedHash.
    var savedValues: SessionValues?
    var savedID: String?
    /// The cookie as it stands in the record.
    var storedCookie: SessionCookie?
    var storedUser: [UInt8]?
    var lastUsed: UnixTime?
    var own: SessionPayload.Own
    /// Whether the store holds a record under `key`, as far as we know.
    var isStored = false
    var lease: SessionStoreLease?
    /// A failure that could not be thrown where it happened; the commit throws it.
    var failure: SessionError?
    /// Old keys to destroy once the new record is stored.
    var outgoing: [(key: SessionStoreKey, user: String?)] = []
    var isDestroyed = false
    var broughtCookie = false
    var signatureIsOld = false
    /// Whether the request's old id answers for a session that has a newer one.
    var isForwarded = false
    var renewalIsDue = false
    /// Which of the loaded values were read; bit n is the n-th.
    var readMask: UInt64 = 0
    /// Names that were read and have no place in the values.
    var absentReads: [[UInt8]] = []
    var touchWasAsked = false
    /// Whether the record has no instants of ours yet: Express made it, or the other profile did.
    var lacksInstants = false
    /// Whether this request counts as use: false leaves the limits where they are, for polling.
    ///
    /// The default is true.
    public var extendsLife = true

    init(_ context: SessionContext, state: SessionState, id: String, now: UnixTime) {
        self.context = context
        self.state = state
        self.id = id
        isPresent = true
        isNew = true
        key = context.key(id)
        originalID = id
        cookie = context.newCookie(now)
        values = SessionValues()
        own = SessionPayload.Own(created: now.milliseconds, renewed: now.milliseconds)
    }

    /// The settings that hold for this request.
    public var options: SessionOptions { context.options }

    /// Reads, assigns or (with `nil`) removes a value.
    ///
    /// A stored value of another type reads as nil. Changing it in place (`session[.list]?.append(x)`) locks the session first.
    public subscript<Value: SessionValue>(key: SessionKey<Value>) -> Value? {
        mutating get { read(key) }
        set { assign(key, newValue) }
        _modify {
            beginChangeInPlace()
            var value = read(key)
            defer { assign(key, value) }
            yield &value
        }
    }

    /// Reads a value, or what stands for a missing one; `+=` and the like change it in place, under the session's lock.
    public subscript<Value: SessionValue>(
        key: SessionKey<Value>, default fallback: @autoclosure () -> Value
    ) -> Value {
        mutating get { read(key) ?? fallback() }
        set { assign(key, newValue) }
        _modify {
            beginChangeInPlace()
            var value = read(key) ?? fallback()
            defer { assign(key, value) }
            yield &value
        }
    }

    /// Removes a value; an absent one is fine.
    public mutating func remove<Value>(_ key: SessionKey<Value>) {
        if isPresent { removeValue(key.bytes) }
    }

    /// The names of the values, in the order of the record.
    public var names: [String] { isPresent ? values.names : [] }

    /// Where the store keeps this session: for comparing with what it lists.
    ///
    /// Not a cookie, and safe to show.
    public var storeKey: SessionStoreKey { key }

    private mutating func read<Value: SessionValue>(_ key: SessionKey<Value>) -> Value? {
        guard isPresent else { return nil }
        guard let index = values.index(of: key.bytes) else {
            if isStored, lease == nil { absentReads.append(key.bytes) }
            return nil
        }
        if index < 64 { readMask |= 1 << UInt64(index) }
        return Value(sessionJSON: values.value(at: index))
    }

    private mutating func assign<Value: SessionValue>(_ key: SessionKey<Value>, _ value: Value?) {
        guard isPresent else { return }
        guard let value else { return removeValue(key.bytes) }
        guard !SessionReservedNames.contains(bytes: key.bytes) else { return }
        var bytes: [UInt8] = []
        value.appendSessionJSON(to: &bytes)
        // An equal value is no change, and keeps the bytes it came in.
        if let old = values[key.bytes], SessionValues.isSame(old, bytes[...]) { return }
        values.set(key.bytes, to: bytes)
    }

    private mutating func removeValue(_ name: [UInt8]) {
        guard let index = values.index(of: name) else { return }
        if index < 64 {
            // What stands behind moves down by one place, and so do the marks.
            if readMask & 1 << UInt64(index) != 0 { absentReads.append(name) }
            let below = (1 as UInt64) << UInt64(index) - 1
            readMask = readMask & below | (readMask >> 1) & ~below
        }
        values.remove(name)
    }
}
