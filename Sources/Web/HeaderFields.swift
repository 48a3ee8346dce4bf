/// The header fields of a response, in order, kept in the bytes that go out.
///
/// A value can never end its line: every control character but the tab becomes a space as it is added,
/// whatever the value was made of (RFC 9110, section 5.5). Names compare without regard to case.
public struct HeaderFields: Sendable, Hashable {
    /// The fields as they go out: `Name: value` and CR LF for each; empty when there are none.
    public private(set) var bytes: [UInt8] = []

    /// No fields.
    public init() {}

    /// Whether there is no field at all.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The first value of a name, or nil.
    ///
    /// Setting a value removes all of that name and appends one; setting nil only removes. Bytes of a value
    /// that are not UTF-8 read as U+FFFD.
    public subscript(name: HTTPField.Name) -> String? {
        get {
            var lines = HeaderLines(bytes)
            while let line = lines.next() {
                if line.isNamed(name, in: bytes) { return String(decoding: bytes[line.value], as: UTF8.self) }
            }
            return nil
        }
        set {
            remove(name)
            if let newValue { append(name, newValue) }
        }
    }

    /// Adds a field behind the others, also when the name is there already.
    ///
    /// Spaces and tabs at the ends of the value are cut. A pseudo-header's name (`:status`) adds nothing, and
    /// neither do `Status`, `Content-Length` and `Transfer-Encoding`, which are for the writer to say.
    public mutating func append(_ name: HTTPField.Name, _ value: String) {
        append(name) { $0.append(contentsOf: value.utf8) }
    }

    /// Adds a field whose value is bytes, as ``append(_:_:)-(_,String)`` does.
    public mutating func append(_ name: HTTPField.Name, _ value: [UInt8]) {
        append(name) { $0.append(contentsOf: value) }
    }

    /// Adds a `Set-Cookie` of its own (cookies must not be joined: RFC 9110, section 5.3).
    public mutating func append(_ cookie: SetCookie) {
        append(.setCookie) { cookie.append(to: &$0) }
    }

    /// Adds all fields of `other` behind these, for instance a block that was rendered once.
    public mutating func append(contentsOf other: HeaderFields) {
        bytes.append(contentsOf: other.bytes)
    }

    /// Whether there is a field of this name.
    public func contains(_ name: HTTPField.Name) -> Bool {
        var lines = HeaderLines(bytes)
        while let line = lines.next() {
            if line.isNamed(name, in: bytes) { return true }
        }
        return false
    }

    /// All values of a name, in order.
    public func values(for name: HTTPField.Name) -> [String] {
        var values: [String] = []
        var lines = HeaderLines(bytes)
        while let line = lines.next() {
            if line.isNamed(name, in: bytes) {
                values.append(String(decoding: bytes[line.value], as: UTF8.self))
            }
        }
        return values
    }

    /// Takes away all fields of a name.
    public mutating func remove(_ name: HTTPField.Name) {
        guard contains(name) else { return }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var lines = HeaderLines(bytes)
        while let line = lines.next() {
            if !line.isNamed(name, in: bytes) { kept.append(contentsOf: bytes[line.whole]) }
        }
        bytes = kept
    }

    /// Appends the fields as they go out: `Name: value` and CR LF for each.
    public func appendWireFormat(to output: inout [UInt8]) {
        output.append(contentsOf: bytes)
    }

    private static func isWriters(_ name: HTTPField.Name) -> Bool {
        let name = name.canonicalName
        return name == "content-length" || name == "status" || name == "transfer-encoding"
    }

    private mutating func append(_ name: HTTPField.Name, _ write: (inout [UInt8]) -> Void) {
        let rawName = name.rawName.utf8
        guard rawName.first != 0x3A, !HeaderFields.isWriters(name) else { return }
        if bytes.isEmpty { bytes.reserveCapacity(256) }
        bytes.append(contentsOf: rawName)
        bytes.append(": ")
        let start = bytes.count
        write(&bytes)
        bytes.legalizeFieldValue(from: start)
        bytes.append("\r\n")
    }
}

extension [UInt8] {
    /// Makes a field value of what begins at `start`: no controls but the tab, no blanks at the ends.
    mutating func legalizeFieldValue(from start: Int) {
        while count > start, self[count - 1].isBlank || self[count - 1].isControl { removeLast() }
        var blanks = 0
        while start + blanks < count, self[start + blanks].isBlank || self[start + blanks].isControl {
            blanks += 1
        }
        if blanks > 0 { removeSubrange(start..<start + blanks) }
        for index in start..<count where self[index].isControl && self[index] != 0x09 { self[index] = 0x20 }
    }
}
