/// Makes wrong FastCGI streams out of right ones, the same ones from the same seed.
public struct StreamMutator: Sendable {
    private var state: UInt64
    private let sound: [[UInt8]]

    /// A mutator that begins anew with every seed.
    public init(seed: UInt64) {
        state = seed
        let form = Array("username=johnDoe&password=password123".utf8)
        let nginx = [
            ("QUERY_STRING", "a=b"), ("CONTENT_TYPE", ""), ("SCRIPT_NAME", "/"), ("DOCUMENT_URI", "/"),
            ("REMOTE_ADDR", "127.0.0.1"),
            ("SERVER_PROTOCOL", "HTTP/1.1"), ("REQUEST_SCHEME", "http"), ("HTTP_HOST", "localhost"),
            ("HTTP_COOKIE", "connect.sid=s%3Aabcdefghijklmnopqrstuvwxyz012345.0123456789"),
            ("HTTP_USER_AGENT", String(repeating: "Mozilla/5.0 ", count: 12)),
        ]
        var pieces = ClientRecords()
        pieces.begin(requestID: 513, keepsConnection: true, padding: 3)
        for pair in nginx + [("REQUEST_METHOD", "GET")] {
            pieces.parameters([pair], requestID: 513, padding: 5)
        }
        pieces.append(type: 4, requestID: 513)
        pieces.body(Array("abc".utf8), requestID: 513, recordBytes: 1)
        sound = [
            ClientRecords.request(),
            ClientRecords.request("GET", "/dashboard", parameters: nginx, keepsConnection: true),
            ClientRecords.request("POST", "/login", parameters: nginx, body: form),
            pieces.bytes,
        ]
    }

    /// The next stream; a few of them are still right.
    public mutating func next() -> [UInt8] {
        var bytes = sound[below(sound.count)]
        for _ in 0...below(4) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(byte()) }
        let place = below(bytes.count)
        switch below(13) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = byte()
        case 2: bytes.insert(byte(), at: place)
        case 3: bytes.remove(at: place)
        case 4: bytes.removeSubrange(place...)
        case 5:
            let end = min(bytes.count, place + 1 + below(64))
            bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
        case 6: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(64)))
        case 7: bytes.insert(contentsOf: record(), at: headers(bytes).randomPlace(&self))
        case 8:
            // One field of one header.
            let header = headers(bytes).randomPlace(&self)
            if header + 8 <= bytes.count {
                bytes[header + below(8)] = below(2) == 0 ? byte() : UInt8(below(12))
            }
        case 9:
            // Lengths in four bytes, near the powers where sums of C ints go wrong.
            let lies: [[UInt8]] = [
                [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFE], [0xC0, 0, 0, 0], [0x80, 0, 0, 0],
                [0x80, 0xFF, 0xFF, 0xFF],
                [0x80, 0, 0xFF, 0xFF],
            ]
            let lie = lies[below(lies.count)] + lies[below(lies.count)]
            bytes.replaceSubrange(place..<min(bytes.count, place + 1 + below(8)), with: lie)
        case 10: bytes += sound[below(sound.count)]
        case 11: bytes.insert(contentsOf: (0..<1 + below(300)).map { _ in byte() }, at: place)
        default:
            let all = headers(bytes)
            let (one, other) = (all.randomPlace(&self), all.randomPlace(&self))
            for offset in 0..<8 where max(one, other) + offset < bytes.count {
                bytes.swapAt(one + offset, other + offset)
            }
        }
    }

    /// A record of any type with little in it.
    private mutating func record() -> [UInt8] {
        var records = ClientRecords()
        let ids: [UInt16] = [0, 1, 2, 513, 65_535]
        records.append(
            version: below(8) == 0 ? byte() : 1,
            type: below(8) == 0 ? byte() : UInt8(below(13)),
            requestID: ids[below(ids.count)],
            (0..<below(40)).map { _ in byte() },
            padding: UInt8(below(9)),
            claimedLength: below(4) == 0 ? UInt16(below(65_536)) : nil
        )
        return records.bytes
    }

    /// Where the headers are, as far as the stream makes sense.
    private func headers(_ bytes: [UInt8]) -> Places {
        var places: [Int] = []
        var position = 0
        while position + 8 <= bytes.count {
            places.append(position)
            position +=
                8 + Int(bytes[position + 4]) << 8 + Int(bytes[position + 5]) + Int(bytes[position + 6])
        }
        return Places(all: places)
    }

    private struct Places {
        let all: [Int]
        func randomPlace(_ mutator: inout StreamMutator) -> Int {
            all.isEmpty ? 0 : all[mutator.below(all.count)]
        }
    }

    private mutating func byte() -> UInt8 { UInt8(below(256)) }

    // splitmix64
    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Int(mixed % UInt64(bound))
    }
}
