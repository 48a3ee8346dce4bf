internal import Kernel

/// Why a written value cannot be.
struct SettingError: Error, Equatable {
    let reason: String
}

/// A value as it was written; each function reads it as one type, or says in words what it should be.
struct SettingValue {
    let text: String

    init(_ text: String) { self.text = text }

    func path() throws(SettingError) -> String {
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw SettingError(reason: "\"\(text)\" is not an absolute path (begin with /)")
        }
        return text
    }

    func socketPath() throws(SettingError) -> String {
        let path = try path()
        guard path.utf8.count <= 107 else {
            throw SettingError(
                reason: "\(path) has \(path.utf8.count) bytes, a unix socket's path has at most 107"
            )
        }
        return path
    }

    func number(in range: ClosedRange<Int>) throws(SettingError) -> Int {
        let limits = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            range.contains(number)
        else { throw SettingError(reason: "\"\(text)\" is not \(limits)") }
        return number
    }

    func word(of words: [String]) throws(SettingError) -> String {
        guard words.contains(text) else {
            let hint = NearestWord.hint(text, among: words)
            throw SettingError(reason: "\"\(text)\" is none of \(words.joined(separator: ", "))\(hint)")
        }
        return text
    }

    func mode() throws(SettingError) -> UInt32 {
        guard let mode = UInt32(text, radix: 8), mode <= 0o777,
            text.utf8.allSatisfy({ (0x30...0x37).contains($0) })
        else { throw SettingError(reason: "\"\(text)\" is not an octal mode such as 0660") }
        // Whoever can connect can send what nginx sends: any user name of a certificate, any address.
        guard mode & 0o006 == 0 else {
            throw SettingError(
                reason: "\(text) would let every user of the machine connect; use 0660 and socket-group"
            )
        }
        return mode
    }

    func group() throws(SettingError) -> UInt32 {
        if let number = UInt32(text) { return number }
        do throws(Errno) { return try Processes.groupNumber(text) } catch {
            throw SettingError(reason: "there is no group \"\(text)\" (getent group lists them)")
        }
    }

    /// Names or numbers, separated by blanks or commas.
    func users() throws(SettingError) -> [String] {
        let names = text.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
        for name in names where UInt32(name) == nil {
            do throws(Errno) { _ = try Processes.account(name) } catch {
                throw SettingError(reason: "there is no user \"\(name)\" (getent passwd lists them)")
            }
        }
        return names
    }

    /// Bytes, with k, m or g for their powers of 1,024.
    func size(in range: ClosedRange<Int64>) throws(SettingError) -> Int64 {
        let units: [(String, Int64)] = [("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30), ("", 1)]
        guard let bytes = quantity(units), range.contains(bytes) else {
            throw SettingError(
                reason:
                    "\"\(text)\" is not a size from \(range.lowerBound) to \(range.upperBound) bytes, such as 64k"
            )
        }
        return bytes
    }

    /// Milliseconds, from a number and its unit: `500ms`, `10s`, `30m`, `12h`, `30d`.
    func duration(in range: ClosedRange<Int64>) throws(SettingError) -> Int64 {
        let units: [(String, Int64)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        guard let span = quantity(units) else {
            throw SettingError(
                reason: "\"\(text)\" is not a time with its unit, such as 500ms, 10s, 30m, 12h or 30d"
            )
        }
        guard range.contains(span) else {
            throw SettingError(
                reason: "\(text) is not between \(range.lowerBound / 1000) s and \(range.upperBound / 1000) s"
            )
        }
        return span
    }

    private func quantity(_ units: [(String, Int64)]) -> Int64? {
        for (unit, size) in units where text.lowercased().hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int64(digits)
            else { continue }
            let (product, overflow) = number.multipliedReportingOverflow(by: size)
            return overflow ? nil : product
        }
        return nil
    }
}
