extension UnixTime {
    /// Appends the 29 bytes of an IMF-fixdate (RFC 9110, section 5.6.7): `Mon, 23 Nov 2026 08:40:37 GMT`.
    ///
    /// Milliseconds are cut off, never rounded up, so that a cookie does not outlive its session. A moment
    /// outside the years 0 to 9999 is written as the nearest one inside.
    public func appendHTTPDate(to bytes: inout [UInt8]) {
        let time = UnixTime(milliseconds: min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999))
        let parts = CalendarTime(time)
        switch CalendarTime.weekday(of: time) {
        case 0: bytes.append("Sun, ")
        case 1: bytes.append("Mon, ")
        case 2: bytes.append("Tue, ")
        case 3: bytes.append("Wed, ")
        case 4: bytes.append("Thu, ")
        case 5: bytes.append("Fri, ")
        default: bytes.append("Sat, ")
        }
        bytes.appendDecimal(parts.day.magnitude, width: 2)
        switch parts.month {
        case 1: bytes.append(" Jan ")
        case 2: bytes.append(" Feb ")
        case 3: bytes.append(" Mar ")
        case 4: bytes.append(" Apr ")
        case 5: bytes.append(" May ")
        case 6: bytes.append(" Jun ")
        case 7: bytes.append(" Jul ")
        case 8: bytes.append(" Aug ")
        case 9: bytes.append(" Sep ")
        case 10: bytes.append(" Oct ")
        case 11: bytes.append(" Nov ")
        default: bytes.append(" Dec ")
        }
        bytes.appendDecimal(parts.year.magnitude, width: 4)
        bytes.append(0x20)
        parts.appendClock(to: &bytes)
        bytes.append(" GMT")
    }

    /// Appends what JavaScript's `toISOString` gives: `2026-11-23T08:40:37.515Z`.
    ///
    /// Years outside 0 to 9999 have a sign and at least six digits, as in `+012026-…` and `-000001-…`.
    public func appendISO8601(to bytes: inout [UInt8]) {
        let parts = CalendarTime(self)
        if 0...9999 ~= parts.year {
            bytes.appendDecimal(parts.year.magnitude, width: 4)
        } else {
            bytes.append(parts.year < 0 ? 0x2D : 0x2B)
            bytes.appendDecimal(parts.year.magnitude, width: 6)
        }
        bytes.append(0x2D)
        bytes.appendDecimal(parts.month.magnitude, width: 2)
        bytes.append(0x2D)
        bytes.appendDecimal(parts.day.magnitude, width: 2)
        bytes.append(0x54)
        parts.appendClock(to: &bytes)
        bytes.append(0x2E)
        bytes.appendDecimal(parts.millisecond.magnitude, width: 3)
        bytes.append(0x5A)
    }

    /// What ``appendHTTPDate(to:)`` writes, as text.
    public var httpDate: String {
        var bytes: [UInt8] = []
        appendHTTPDate(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What ``appendISO8601(to:)`` writes, as text.
    public var iso8601: String {
        var bytes: [UInt8] = []
        appendISO8601(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `YYYY-MM-DDTHH:MM:SSZ`, with one to nine decimals of a second if there are any, or nil.
    ///
    /// The year may also be a sign and six digits (`-000000` is refused, as ECMAScript does). Decimals beyond
    /// milliseconds are cut off. Offsets other than `Z`, days that a month does not have, hour 24 and second
    /// 60 are refused.
    public init?(iso8601 bytes: ArraySlice<UInt8>) {
        var reader = FixedDigits(rest: bytes)
        let sign = reader.takeSign()
        guard var year = reader.take(sign == nil ? 4 : 6) else { return nil }
        if sign == 0x2D {
            guard year != 0 else { return nil }
            year = -year
        }
        guard reader.take(byte: 0x2D), let month = reader.take(2),
            reader.take(byte: 0x2D), let day = reader.take(2),
            reader.take(byte: 0x54), let hour = reader.take(2),
            reader.take(byte: 0x3A), let minute = reader.take(2),
            reader.take(byte: 0x3A), let second = reader.take(2)
        else { return nil }
        var millisecond: Int64 = 0
        if reader.take(byte: 0x2E) {
            guard let read = reader.takeMilliseconds() else { return nil }
            millisecond = read
        }
        guard reader.take(byte: 0x5A), reader.rest.isEmpty,
            let parts = CalendarTime(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second,
                millisecond: millisecond
            )
        else { return nil }
        self = parts.time
    }
}

extension CalendarTime {
    /// `HH:MM:SS`.
    fileprivate func appendClock(to bytes: inout [UInt8]) {
        bytes.appendDecimal(hour.magnitude, width: 2)
        bytes.append(0x3A)
        bytes.appendDecimal(minute.magnitude, width: 2)
        bytes.append(0x3A)
        bytes.appendDecimal(second.magnitude, width: 2)
    }
}

/// Takes digits off the front of bytes.
private struct FixedDigits {
    var rest: ArraySlice<UInt8>

    mutating func take(byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func takeSign() -> UInt8? {
        guard let sign = rest.first, sign == 0x2B || sign == 0x2D else { return nil }
        rest.removeFirst()
        return sign
    }

    mutating func take(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let byte = rest.first, byte.isDigit else { return nil }
            value = value * 10 + Int64(byte &- 0x30)
            rest.removeFirst()
        }
        return value
    }

    /// One to nine digits, of which three count.
    mutating func takeMilliseconds() -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while let byte = rest.first, byte.isDigit, digits < 9 {
            if digits < 3 { value = value * 10 + Int64(byte &- 0x30) }
            digits += 1
            rest.removeFirst()
        }
        guard digits > 0 else { return nil }
        while digits < 3 {
            value *= 10
            digits += 1
        }
        return value
    }
}
