/// The members of an object that has just been written, and whether JavaScript would have them in another
/// order.
struct CanonicalMembers {
    struct Member {
        var name: Range<Int>
        /// Begins with the colon.
        var value: Range<Int>
        /// The name as a whole number, when JavaScript takes it for an array index.
        var index: UInt32?
    }

    private var members: [Member] = []
    private var hasIndices = false

    mutating func append(name: Range<Int>, value: Range<Int>, in output: [UInt8]) {
        let index = CanonicalMembers.index(output[name].dropFirst().dropLast())
        hasIndices = hasIndices || index != nil
        members.append(Member(name: name, value: value, index: index))
    }

    /// The members as JavaScript has them, or nil when they are so already.
    func order(in output: [UInt8]) -> [Member]? {
        guard hasIndices || hasDuplicates(in: output) else { return nil }
        var places: [ArraySlice<UInt8>: Int] = [:]
        var unique: [Member] = []
        for member in members {
            if let place = places[output[member.name]] {
                unique[place].value = member.value
            } else {
                places[output[member.name]] = unique.count
                unique.append(member)
            }
        }
        let indexed = unique.filter { $0.index != nil }.sorted { ($0.index ?? 0) < ($1.index ?? 0) }
        return indexed + unique.filter { $0.index == nil }
    }

    private func hasDuplicates(in output: [UInt8]) -> Bool {
        guard members.count <= 8 else { return Set(members.map { output[$0.name] }).count < members.count }
        for index in members.indices.dropFirst() {
            let name = output[members[index].name]
            for earlier in members[..<index]
            where earlier.name.count == name.count && output[earlier.name] == name {
                return true
            }
        }
        return false
    }

    private static func index(_ name: ArraySlice<UInt8>) -> UInt32? {
        guard name.count <= 10, name.first != 0x30 || name.count == 1, let value = name.decimal,
            value < 4_294_967_295
        else { return nil }
        return UInt32(value)
    }
}
