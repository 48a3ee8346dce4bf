import Testing

@testable import Web

@Suite struct `A byte` {
    @Test func `is a token byte exactly where RFC 9110 says so`() {
        let tokens = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(byte.isToken == tokens.contains(byte), "\(byte)")
        }
    }

    @Test func `has a hexadecimal value exactly when it is a hexadecimal digit`() {
        for byte in UInt8.min...UInt8.max {
            let digit = UInt8(String(UnicodeScalar(byte)), radix: 16)
            #expect(byte.hexadecimalValue == (byte < 0x80 ? digit : nil), "\(byte)")
        }
    }

    @Test func `becomes small when it is a capital and stays otherwise`() {
        for byte in UInt8.min...UInt8.max {
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            #expect(byte.lowercased == (isCapital ? byte + 32 : byte))
        }
    }

    @Test func `becomes part of a decimal number of any length`() {
        for (value, width, expected): (UInt64, Int, String) in [
            (0, 1, "0"), (7, 2, "07"), (9, 1, "9"), (10, 1, "10"), (99, 4, "0099"), (1_000_000, 1, "1000000"),
            (.max, 1, "18446744073709551615"), (10_000_000_000_000_000_000, 1, "10000000000000000000"),
        ] {
            var bytes: [UInt8] = []
            bytes.appendDecimal(value, width: width)
            #expect(text(bytes) == expected)
        }
    }

    @Test(arguments: [("0", 0), ("007", 7), ("9223372036854775807", Int.max)])
    func `row of digits is a number`(digits: String, value: Int) {
        #expect(digits.bytes.decimal == value)
    }

    @Test(arguments: [
        "", "+1", "-1", " 1", "1 ", "1a", "9223372036854775808", "99999999999999999999", "٣", "1\u{301}",
    ])
    func `row that is not only digits, or too many, is no number`(digits: String) {
        #expect(digits.bytes.decimal == nil)
    }
}
