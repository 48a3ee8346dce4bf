internal import Web

/// What can be a value of a session: anything with a spelling in JSON.
///
/// Strings, booleans, whole numbers, `Double`, arrays and dictionaries of them, and `RawJSON` conform.
public protocol SessionValue {
    /// Reads one JSON value without blanks around it; nil when it is of another type.
    init?(sessionJSON bytes: ArraySlice<UInt8>)
    /// Appends one JSON value, spelt as JavaScript's `JSON.stringify` spells it.
    func appendSessionJSON(to bytes: inout [UInt8])
}

extension String: SessionValue {
    /// Reads a JSON string.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let text = JSON.string(bytes) else { return nil }
        self = text
    }

    /// Appends a JSON string.
    public func appendSessionJSON(to bytes: inout [UInt8]) { JSON.appendString(self, to: &bytes) }
}

extension Bool: SessionValue {
    /// Reads `true` or `false`.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let flag = JSON.boolean(bytes) else { return nil }
        self = flag
    }

    /// Appends `true` or `false`.
    public func appendSessionJSON(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (self ? "true" : "false").utf8)
    }
}

extension Int: SessionValue {
    /// Reads a whole number; `1.0` is 1.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let number = JSON.integer(bytes) else { return nil }
        self = Int(number)
    }

    /// Appends a whole number.
    public func appendSessionJSON(to bytes: inout [UInt8]) { JSON.appendInteger(Int64(self), to: &bytes) }
}

extension Int64: SessionValue {
    /// Reads a whole number; `1.0` is 1.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let number = JSON.integer(bytes) else { return nil }
        self = number
    }

    /// Appends a whole number; JavaScript rounds beyond 2^53.
    public func appendSessionJSON(to bytes: inout [UInt8]) { JSON.appendInteger(self, to: &bytes) }
}

extension Double: SessionValue {
    /// Reads a number.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let number = JSON.number(bytes) else { return nil }
        self = number
    }

    /// Appends a number as JavaScript prints it; what is not finite is `null`.
    public func appendSessionJSON(to bytes: inout [UInt8]) { JSON.appendNumber(self, to: &bytes) }
}

extension Array: SessionValue where Element: SessionValue {
    /// Reads an array all of whose elements are of the type.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let places = try? JSON.arrayElements(bytes) else { return nil }
        self = []
        reserveCapacity(places.count)
        for place in places {
            guard let element = Element(sessionJSON: bytes[place]) else { return nil }
            append(element)
        }
    }

    /// Appends an array.
    public func appendSessionJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            element.appendSessionJSON(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}

extension Dictionary: SessionValue where Key == String, Value: SessionValue {
    /// Reads an object all of whose values are of the type; of a name that stands twice the last counts.
    public init?(sessionJSON bytes: ArraySlice<UInt8>) {
        guard let members = try? JSON.objectEntries(bytes, duplicates: .kept) else { return nil }
        self = [:]
        for member in members {
            guard let value = Value(sessionJSON: bytes[member.valueRange]) else { return nil }
            self[member.name] = value
        }
    }

    /// Appends an object, its names sorted by their bytes, so that equal dictionaries are equal records.
    public func appendSessionJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        let sorted = sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (index, member) in sorted.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSON.appendString(member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.appendSessionJSON(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
