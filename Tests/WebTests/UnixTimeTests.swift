import Foundation
import Testing
import Web

@Suite struct `A moment` {
    static let moments: [(Int64, String, String)] = [
        (0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
        (1_795_423_237_515, "2026-11-23T08:40:37.515Z", "Mon, 23 Nov 2026 08:40:37 GMT"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z", "Sat, 01 Jan 0000 00:00:00 GMT"),
        (8_640_000_000_000_000, "+275760-09-13T00:00:00.000Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-8_640_000_000_000_000, "-271821-04-20T00:00:00.000Z", "Sat, 01 Jan 0000 00:00:00 GMT"),
    ]

    @Test(arguments: moments)
    func `is written as JavaScript and as HTTP write it`(
        milliseconds: Int64,
        iso8601: String,
        httpDate: String
    ) {
        let time = UnixTime(milliseconds: milliseconds)
        #expect(time.iso8601 == iso8601)
        #expect(time.description == iso8601)
        #expect(time.httpDate == httpDate)
        #expect(UnixTime(iso8601: iso8601.bytes) == time)
    }

    @Test func `is written without a trap at the bounds of its number`() {
        for milliseconds in [Int64.min, .min + 1, .max - 1, .max] {
            let time = UnixTime(milliseconds: milliseconds)
            #expect(!time.iso8601.isEmpty)
            #expect(time.httpDate.utf8.count == 29)
        }
    }

    @Test(arguments: [
        ("2026-11-23T08:40:37Z", 1_795_423_237_000), ("2026-11-23T08:40:37.5Z", 1_795_423_237_500),
        ("2026-11-23T08:40:37.51Z", 1_795_423_237_510), ("2026-11-23T08:40:37.515999999Z", 1_795_423_237_515),
        ("+002026-11-23T08:40:37Z", 1_795_423_237_000), ("-000001-01-01T00:00:00Z", -62_198_755_200_000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ])
    func `is read with or without decimals`(spelling: String, milliseconds: Int64) {
        #expect(UnixTime(iso8601: spelling.bytes)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-11-23", "2026-11-23T08:40:37", "2026-11-23T08:40:37.Z",
        "2026-11-23T08:40:37.0123456789Z",
        "2026-11-23T08:40:37+00:00", "2026-11-23t08:40:37z", "2026-11-23 08:40:37Z", " 2026-11-23T08:40:37Z",
        "2026-11-23T08:40:37Z ", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T23:59:60Z", "-000000-01-01T00:00:00Z",
        "+2026-01-01T00:00:00Z", "2026-11-23T08:40:37\u{301}Z", "２026-11-23T08:40:37Z", "2026-1-1T00:00:00Z",
    ])
    func `that no calendar has, or in another spelling, is not read`(spelling: String) {
        #expect(UnixTime(iso8601: spelling.bytes) == nil)
    }

    @Test func `agrees with Foundation's calendar`() throws {
        var random = SeededRandom()
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: -12_219_292_800_000..<253_402_300_800_000, using: &random)
            let time = UnixTime(milliseconds: milliseconds / 1000 * 1000)
            let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
            #expect(time.iso8601 == format.format(date))
        }
    }

    @Test func `comes back from its own spelling`() {
        var random = SeededRandom()
        for _ in 0..<5000 {
            let time = UnixTime(
                milliseconds: .random(in: -8_640_000_000_000_000...8_640_000_000_000_000, using: &random)
            )
            #expect(UnixTime(iso8601: time.iso8601.bytes) == time)
        }
    }

    @Test func `is never trapped by what is read`() {
        var random = SeededRandom()
        for _ in 0..<20_000 {
            _ = UnixTime(iso8601: random.bytes(upTo: 30, of: Array("0123456789-:.TZ+".utf8))[...])
        }
    }

    @Test func `stays at the bound instead of overflowing`() {
        #expect(UnixTime(seconds: .max).milliseconds == .max)
        #expect(UnixTime(seconds: .min).milliseconds == .min)
        #expect(UnixTime(seconds: 2).milliseconds == 2000)
        #expect(UnixTime(milliseconds: .max).advanced(byMilliseconds: 1).milliseconds == .max)
        #expect(UnixTime(milliseconds: .min).advanced(byMilliseconds: -1).milliseconds == .min)
        #expect(UnixTime(milliseconds: 5).advanced(byMilliseconds: -7).milliseconds == -2)
        #expect(UnixTime(milliseconds: .max).milliseconds(since: UnixTime(milliseconds: -1)) == .max)
        #expect(UnixTime(milliseconds: .min).milliseconds(since: UnixTime(milliseconds: 1)) == .min)
        #expect(UnixTime(milliseconds: 3).milliseconds(since: UnixTime(milliseconds: 10)) == -7)
        #expect(UnixTime(milliseconds: 3) < UnixTime(milliseconds: 10))
    }
}
