/// Walks over the lines of a ``HeaderFields``, whose form is known because only it writes them.
struct HeaderLines {
    struct Line {
        var name: Range<Int>
        var value: Range<Int>
        var whole: Range<Int>

        func isNamed(_ wanted: HTTPField.Name, in bytes: [UInt8]) -> Bool {
            let wanted = wanted.canonicalName.utf8
            guard wanted.count == name.count else { return false }
            var index = name.lowerBound
            for byte in wanted {
                guard bytes[index].lowercased == byte else { return false }
                index += 1
            }
            return true
        }
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Line? {
        let start = position
        guard let colon = bytes[start...].firstIndex(of: 0x3A),
            let end = bytes[colon...].firstIndex(of: 0x0D)
        else { return nil }
        position = end + 2
        return Line(name: start..<colon, value: colon + 2..<end, whole: start..<position)
    }
}
