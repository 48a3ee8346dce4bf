internal import Web

/// The values of a session as JSON, in order, each as the bytes it came in.
///
/// One buffer and an index of places in it: reading copies nothing, a change appends, and what nobody touches stays as it was.
struct SessionValues: Sendable {
    struct Entry: Sendable {
        /// The name between its quotes, in canonical escapes.
        var name: Range<Int>
        var value: Range<Int>
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    init() {}

    /// Takes over a buffer and the places in it.
    init(bytes: [UInt8], entries: [Entry]) {
        self.bytes = bytes
        self.entries = entries
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The names, their escapes decoded.
    var names: [String] {
        let quote = [UInt8(ascii: "\"")]
        return entries.map { JSON.string((quote + bytes[$0.name] + quote)[...]) ?? "" }
    }

    func index(of name: [UInt8]) -> Int? {
        entries.firstIndex { $0.name.count == name.count && bytes[$0.name].elementsEqual(name) }
    }

    subscript(name: [UInt8]) -> ArraySlice<UInt8>? { index(of: name).map { bytes[entries[$0].value] } }

    func name(at index: Int) -> ArraySlice<UInt8> { bytes[entries[index].name] }

    func value(at index: Int) -> ArraySlice<UInt8> { bytes[entries[index].value] }

    /// Assigns a raw JSON value, in its old place or at the end; nil removes.
    mutating func set(_ name: [UInt8], to value: some Collection<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: value)
        let place = start..<bytes.count
        if let index = index(of: name) {
            entries[index].value = place
        } else {
            bytes.append(contentsOf: name)
            entries.append(Entry(name: place.upperBound..<bytes.count, value: place))
        }
    }

    mutating func remove(_ name: [UInt8]) {
        if let index = index(of: name) { entries.remove(at: index) }
    }

    /// Appends `,"name":value` for each value.
    func appendMembers(to output: inout [UInt8]) {
        for entry in entries {
            output.append(UInt8(ascii: ","))
            output.append(UInt8(ascii: "\""))
            output.append(contentsOf: bytes[entry.name])
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
            output.append(contentsOf: bytes[entry.value])
        }
    }

    /// The same names in the same order with values that JavaScript would print alike: express-session's "not modified".
    func isSameInOrder(as other: SessionValues) -> Bool {
        guard entries.count == other.entries.count else { return false }
        return entries.indices.allSatisfy { index in
            name(at: index).elementsEqual(other.name(at: index))
                && SessionValues.isSame(value(at: index), other.value(at: index))
        }
    }

    /// The same names with values that JavaScript would print alike, in any order.
    func isSame(as other: SessionValues) -> Bool {
        guard entries.count == other.entries.count else { return false }
        return entries.indices.allSatisfy { index in
            other[Array(name(at: index))].map { SessionValues.isSame(value(at: index), $0) } ?? false
        }
    }

    /// Whether two raw values are one value: byte for byte, or in JavaScript's one spelling.
    static func isSame(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        if left.elementsEqual(right) { return true }
        guard let left = try? JSON.canonicalise(left, maximumDepth: 32),
            let right = try? JSON.canonicalise(right, maximumDepth: 32)
        else {
            return false
        }
        return left == right
    }
}
