/// The parameters of a CGI or FastCGI request (RFC 3875, section 4.1), as bytes, in the order they came.
///
/// All names and values lie in one buffer, so a thread that keeps one of these and calls
/// ``removeAll(keepingCapacity:)`` between requests allocates nothing for them. A name may occur several
/// times: nginx before 1.23 sends one `HTTP_COOKIE` for every `Cookie` line, and a site file may name a
/// parameter twice. Single look-ups then give the first, as libfcgi does.
///
/// Nothing is checked here: bounds and alphabets are the business of whoever reads the connection.
public struct RequestParameters: Sendable {
    struct Entry: Sendable {
        var start: Int
        var nameEnd: Int
        var end: Int

        var name: Range<Int> { start..<nameEnd }
        var value: Range<Int> { nameEnd..<end }
    }

    private(set) var storage: [UInt8] = []
    private(set) var entries: [Entry] = []

    /// No parameters.
    public init() {}

    /// How many parameters there are; several of one name count one each.
    public var count: Int { entries.count }

    /// Bytes of all names and values together.
    public var byteCount: Int { storage.count }

    /// Forgets every parameter; the memory stays for the next request unless told otherwise.
    public mutating func removeAll(keepingCapacity: Bool = true) {
        storage.removeAll(keepingCapacity: keepingCapacity)
        entries.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Adds one parameter behind the others; the bytes are copied.
    public mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
        let start = storage.count
        // Safe because the pointers are only read, and only during the calls.
        unsafe name.withUnsafeBufferPointer { unsafe storage.append(contentsOf: $0) }
        let nameEnd = storage.count
        unsafe value.withUnsafeBufferPointer { unsafe storage.append(contentsOf: $0) }
        entries.append(Entry(start: start, nameEnd: nameEnd, end: storage.count))
    }

    /// Adds one parameter from text, as UTF-8.
    public mutating func append(_ name: String, _ value: String) {
        let start = storage.count
        storage.append(contentsOf: name.utf8)
        let nameEnd = storage.count
        storage.append(contentsOf: value.utf8)
        entries.append(Entry(start: start, nameEnd: nameEnd, end: storage.count))
    }

    /// The value of the first parameter of this name, or nil; an empty value is not nil.
    public func value(_ name: StaticString) -> ArraySlice<UInt8>? {
        guard let index = firstIndex(of: name, from: 0) else { return nil }
        return storage[entries[index].value]
    }

    /// The value of the first parameter of this name as text, or nil when it is absent or not valid UTF-8.
    public func string(_ name: StaticString) -> String? {
        guard let value = value(name) else { return nil }
        return String(validating: value, as: UTF8.self)
    }

    /// Calls `body` with every value of this name, in order.
    public func forEach<Failure: Error>(
        _ name: StaticString,
        _ body: (ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var next = 0
        while let index = firstIndex(of: name, from: next) {
            try body(storage[entries[index].value])
            next = index + 1
        }
    }

    /// Calls `body` with every parameter, in order.
    public func withEach<Failure: Error>(
        _ body: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        for entry in entries {
            try body(storage[entry.name], storage[entry.value])
        }
    }

    /// The place of the next parameter of this name, at `start` or behind it.
    func firstIndex(of name: StaticString, from start: Int) -> Int? {
        // Safe because the buffer is a literal's, which lives as long as the program, and is only read.
        name.withUTF8Buffer { wanted in
            let bytes = storage.span
            let entries = entries.span
            var index = start
            while index < entries.count {
                let entry = entries[index]
                if entry.nameEnd - entry.start == wanted.count {
                    // From the end, because half of all names begin with HTTP_.
                    var offset = wanted.count - 1
                    while offset >= 0, unsafe bytes[entry.start + offset] == wanted[offset] { offset -= 1 }
                    if offset < 0 { return index }
                }
                index += 1
            }
            return nil
        }
    }
}
