import AccountsClient
import Testing

@Suite struct `the wire format` {
    typealias Wire = AccountsWireFormat

    static let question = LoginAttempt(
        name: Array("bob".utf8),
        password: [1, 0, 255],
        address: Array("::1".utf8),
        knownDevice: true
    )

    @Test func `a question is these bytes`() throws {
        let frame = try Wire.frame(.verify(Self.question))
        #expect(
            frame == [
                0x4C, 0x4B, 0x41, 1, 1, 1, 0, 15,
                0, 3, 0x62, 0x6F, 0x62,
                0, 3, 1, 0, 255,
                0, 3, 0x3A, 0x3A, 0x31,
            ]
        )
        #expect(try Wire.question(frame) == .verify(Self.question))
    }

    @Test(arguments: [
        (AccountsAnswer.verification(.rejected), [0x4C, 0x4B, 0x41, 1, 0x82, 0, 0, 0] as [UInt8]),
        (.verification(.held(retryAfterSeconds: 258)), [0x4C, 0x4B, 0x41, 1, 0x83, 0, 0, 4, 0, 0, 1, 2]),
        (.verification(.busy(retryAfterSeconds: 1)), [0x4C, 0x4B, 0x41, 1, 0x84, 0, 0, 4, 0, 0, 0, 1]),
        (.unavailable("full"), [0x4C, 0x4B, 0x41, 1, 0x85, 0, 0, 6, 0, 4, 0x66, 0x75, 0x6C, 0x6C]),
        (
            .verification(.accepted(VerifiedAccount(name: AccountName(canonical: "b\u{E9}"), epoch: -2))),
            [
                0x4C, 0x4B, 0x41, 1, 0x81, 0, 0, 13, 0, 3, 0x62, 0xC3, 0xA9, 255, 255, 255, 255, 255, 255,
                255, 254,
            ]
        ),
    ])
    func `an answer is these bytes, and they are that answer`(answer: AccountsAnswer, bytes: [UInt8]) throws {
        #expect(Wire.frame(answer) == bytes)
        #expect(try Wire.answer(bytes) == answer)
    }

    @Test func `answers are brought inside their bounds`() throws {
        #expect(
            try Wire.answer(Wire.frame(.verification(.held(retryAfterSeconds: 0))))
                == .verification(.held(retryAfterSeconds: 1))
        )
        #expect(
            try Wire.answer(Wire.frame(.verification(.busy(retryAfterSeconds: .max))))
                == .verification(.busy(retryAfterSeconds: Int(UInt32.max)))
        )
        let long = try Wire.answer(
            Wire.frame(.unavailable("a\nb\u{E9}" + String(repeating: "x", count: 500)))
        )
        #expect(long == .unavailable("a?b??" + String(repeating: "x", count: 195)))
    }

    @Test func `fields beyond their bounds are not framed`() throws {
        for change: (inout LoginAttempt) -> Void in [
            { $0.name = [UInt8](repeating: 97, count: 1025) },
            { $0.password = [UInt8](repeating: 97, count: 1025) },
            { $0.address = [UInt8](repeating: 97, count: 65) },
        ] {
            var attempt = Self.question
            change(&attempt)
            #expect(throws: Wire.Malformed.length) { try Wire.frame(.verify(attempt)) }
        }
        let largest = LoginAttempt(
            name: [UInt8](repeating: 97, count: 1024),
            password: [UInt8](repeating: 98, count: 1024),
            address: [UInt8](repeating: 99, count: 64),
            knownDevice: false
        )
        #expect(try Wire.question(Wire.frame(.verify(largest))) == .verify(largest))
    }

    @Test(arguments: [
        (0, 0x4D, Wire.Malformed.magic), (1, 0, .magic), (2, 0x42, .magic),
        (3, 2, .version(2)), (3, 0, .version(0)),
        (4, 0x81, .kind(0x81)), (4, 0, .kind(0)),
        (5, 2, .flags(2)), (5, 0xFF, .flags(0xFF)),
        (6, 0x40, .length), (7, 14, .length), (7, 16, .length),
        (9, 4, .length), (8, 0xFF, .length), (14, 2, .length), (19, 4, .length),
    ])
    func `one wrong byte is named`(index: Int, value: Int, expected: Wire.Malformed) throws {
        var frame = try Wire.frame(.verify(Self.question))
        frame[index] = UInt8(value)
        #expect(throws: expected) { try Wire.question(frame) }
    }

    @Test func `an answer outside of its range is refused`() {
        #expect(throws: Wire.Malformed.value) {
            try Wire.answer([0x4C, 0x4B, 0x41, 1, 0x83, 0, 0, 4, 0, 0, 0, 0])
        }
        #expect(throws: Wire.Malformed.value) {
            try Wire.answer([0x4C, 0x4B, 0x41, 1, 0x85, 0, 0, 3, 0, 1, 10])
        }
        #expect(throws: Wire.Malformed.value) {
            try Wire.answer([0x4C, 0x4B, 0x41, 1, 0x81, 0, 0, 11, 0, 1, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1])
        }
        #expect(throws: Wire.Malformed.flags(1)) { try Wire.answer([0x4C, 0x4B, 0x41, 1, 0x82, 1, 0, 0]) }
        #expect(throws: Wire.Malformed.kind(1)) { try Wire.answer([0x4C, 0x4B, 0x41, 1, 1, 0, 0, 0]) }
    }

    @Test func `every start of a frame waits for more, and never reads beyond`() throws {
        let frame = try Wire.frame(.verify(Self.question))
        for count in 0..<frame.count {
            let whole = try Wire.frameBytes(frame[..<count])
            #expect(whole == (count < 8 ? nil : frame.count))
            #expect(throws: Wire.Malformed.length) { try Wire.question(Array(frame[..<count])) }
        }
    }

    @Test func `100,000 mutated frames are refused or read, and what is read frames to the same bytes`()
        throws
    {
        var seed = Seed(for: "wire format")
        let frames = [
            try Wire.frame(.verify(Self.question)),
            Wire.frame(
                .verification(.accepted(VerifiedAccount(name: AccountName(canonical: "bob"), epoch: 7)))
            ),
            Wire.frame(.verification(.held(retryAfterSeconds: 9))), Wire.frame(.unavailable("why")),
        ]
        var read = 0
        for _ in 0..<100_000 {
            var bytes = frames.randomElement(using: &seed) ?? []
            for _ in 0..<Int.random(in: 0...3, using: &seed) {
                switch Int.random(in: 0...3, using: &seed) {
                case 0 where !bytes.isEmpty:
                    let index = Int.random(in: 0..<bytes.count, using: &seed)
                    bytes[index] = UInt8.random(in: 0...255, using: &seed)
                case 1 where !bytes.isEmpty: bytes.removeLast(Int.random(in: 1...bytes.count, using: &seed))
                case 2: bytes += seed.bytes(Int.random(in: 1...20, using: &seed))
                default: bytes = Array(seed.bytes(Int.random(in: 0...30, using: &seed)))
                }
            }
            if let question = try? Wire.question(bytes) {
                read += 1
                #expect(try Wire.frame(question) == bytes)
            }
            if let answer = try? Wire.answer(bytes) {
                read += 1
                #expect(Wire.frame(answer) == bytes)
            }
        }
        #expect(read > 1000)
    }
}
