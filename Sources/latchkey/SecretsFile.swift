internal import Kernel
internal import Supervision

/// The file of the secrets that sign cookies, as a worker reads it: one a line, newest first; `hex:` in front spells bytes.
///
/// Empty lines, and lines that begin with `#`, do not count.
enum SecretsFile {
    /// The bytes of a secret that is made here.
    private static let length = 32
    /// The most secrets that a worker takes.
    private static let most = 8

    /// Makes the file with one new secret when there is none, then checks it.
    ///
    /// - Returns: whether it was made.
    @discardableResult
    static func prepare(_ path: String, minimum: Int) throws(CommandError) -> Bool {
        var made = false
        do throws(Errno) {
            // Exclusive: of two that start at once one makes it, and the other reads it.
            let file = try Files.open(path, [.write, .create, .exclusive, .noFollow], mode: 0o600)
            // SystemRandomNumberGenerator is getrandom(2) on Linux.
            var source = SystemRandomNumberGenerator()
            let secret = (0..<length).map { _ in UInt8.random(in: 0...255, using: &source) }
            try Files.writeAll(file.number, Array("hex:\(hexadecimal(secret))\n".utf8))
            try Files.sync(file.number)
            made = true
        } catch .fileExists {
        } catch {
            throw CommandError(
                Sysexit.configuration,
                "cannot make the secrets file \(path)",
                why: ["\(error)"]
            )
        }
        try check(path, minimum: minimum)
        return made
    }

    /// Checks kind, owner, permissions and every line.
    static func check(_ path: String, minimum: Int) throws(CommandError) {
        let problems = problems(path, minimum: minimum)
        guard problems.isEmpty else {
            throw .configuration(
                "the secrets file cannot be used",
                problems,
                next: "chown and chmod 600 it; a new one is made when it is missing (all sessions end then)"
            )
        }
    }

    /// What is wrong with the file, each with its place.
    static func problems(_ path: String, minimum: Int) -> [String] {
        do throws(Errno) {
            let file = try Files.open(path, [.read, .nonBlocking])
            let status = try Files.status(of: file.number)
            guard status.kind == .regular else { return ["\(path): not a regular file"] }
            var problems: [String] = []
            if status.user != Processes.user, status.user != 0 {
                problems.append("\(path): owned by user \(status.user), not by \(Processes.user)")
            }
            // A service's own file may be root's, for a group of its own.
            let others: UInt32 = status.user == 0 ? 0o037 : 0o077
            if status.permissions & others != 0 {
                let mode = String(status.permissions, radix: 8)
                problems.append(
                    "\(path): its permissions are 0\(mode), others could read it; they must be 0600"
                )
            }
            guard let bytes = try Files.readAll(file.number, limit: 1 << 16) else {
                return problems + ["\(path): larger than 64 KiB"]
            }
            return problems + lineProblems(bytes, path, minimum)
        } catch {
            return ["\(path): \(error)"]
        }
    }

    private static func lineProblems(_ bytes: [UInt8], _ path: String, _ minimum: Int) -> [String] {
        var problems: [String] = []
        var count = 0
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let end = line.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? line.startIndex
            let text = line[..<end].drop { blanks.contains($0) }
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            count += 1
            guard let size = secretSize(text) else {
                problems.append("\(path):\(index + 1): after hex: come pairs of hexadecimal digits")
                continue
            }
            if size < minimum {
                problems.append("\(path):\(index + 1): \(size) bytes, a secret has at least \(minimum)")
            }
        }
        if count == 0 { problems.append("\(path): no secret in it") }
        if count > most {
            problems.append("\(path): \(count) secrets, \(most) are the most; drop the oldest")
        }
        return problems
    }

    /// The bytes that a line spells; nil for `hex:` with something else behind it.
    private static func secretSize(_ line: ArraySlice<UInt8>) -> Int? {
        guard line.starts(with: "hex:".utf8) else { return line.count }
        let digits = line.dropFirst(4)
        let isHexadecimal = digits.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
            default: false
            }
        }
        return isHexadecimal && digits.count % 2 == 0 ? digits.count / 2 : nil
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
