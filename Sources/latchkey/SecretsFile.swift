internal import Kernel
internal import Supervision

/// The file of the signing secrets: one a line, hexadecimal or base64, newest first; only its owner may read it.
enum SecretsFile {
    /// The fewest bytes of a secret.
    static let shortest = 32

    /// Makes the file with one new secret when there is none, then checks it.
    ///
    /// - Returns: whether it was made.
    @discardableResult
    static func prepare(_ path: String) throws(CommandError) -> Bool {
        var made = false
        do throws(Errno) {
            // Exclusive: of two that start at once one makes it, and the other reads it.
            let file = try Files.open(path, [.write, .create, .exclusive, .noFollow], mode: 0o600)
            // SystemRandomNumberGenerator is getrandom(2) on Linux.
            var source = SystemRandomNumberGenerator()
            let secret = (0..<shortest).map { _ in UInt8.random(in: 0...255, using: &source) }
            try Files.writeAll(file.number, Array((hexadecimal(secret) + "\n").utf8))
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
        try check(path)
        return made
    }

    /// Checks kind, owner, permissions and every line.
    static func check(_ path: String) throws(CommandError) {
        let problems = problems(path)
        guard problems.isEmpty else {
            throw .configuration(
                "the secrets file cannot be used",
                problems,
                next: "chown and chmod 600 it; a new one is made when it is missing (all sessions end then)"
            )
        }
    }

    /// What is wrong with the file, each with its place.
    static func problems(_ path: String) -> [String] {
        do throws(Errno) {
            let file = try Files.open(path, [.read, .noFollow, .nonBlocking])
            let status = try Files.status(of: file.number)
            guard status.kind == .regular else { return ["\(path): not a regular file"] }
            var problems: [String] = []
            if status.user != Processes.user, status.user != 0 {
                problems.append("\(path): owned by user \(status.user), not by \(Processes.user)")
            }
            if status.permissions & 0o077 != 0 {
                let mode = String(status.permissions, radix: 8)
                problems.append(
                    "\(path): its permissions are 0\(mode), others could read it; they must be 0600"
                )
            }
            guard let bytes = try Files.readAll(file.number, limit: 1 << 16) else {
                return problems + ["\(path): larger than 64 KiB"]
            }
            return problems + lineProblems(bytes, path)
        } catch .symbolicLink {
            return ["\(path): a symbolic link"]
        } catch {
            return ["\(path): \(error)"]
        }
    }

    private static func lineProblems(_ bytes: [UInt8], _ path: String) -> [String] {
        var problems: [String] = []
        var count = 0
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        where !line.isEmpty {
            guard let size = secretSize(line) else {
                problems.append("\(path):\(index + 1): neither hexadecimal nor base64")
                continue
            }
            if size < shortest {
                problems.append("\(path):\(index + 1): \(size) bytes, a secret has at least \(shortest)")
            }
            count += 1
        }
        if count == 0, problems.isEmpty { problems.append("\(path): no secret in it") }
        return problems
    }

    /// The bytes that a line spells: hexadecimal where every byte of it is a hex digit, else base64.
    private static func secretSize(_ line: ArraySlice<UInt8>) -> Int? {
        let isHexadecimal = line.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
            default: false
            }
        }
        if isHexadecimal, line.count % 2 == 0 { return line.count / 2 }
        let padding = line.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = line.dropLast(padding)
        let isBase64 = digits.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"),
                UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isBase64, padding <= 2, digits.count % 4 != 1, padding == 0 || line.count % 4 == 0 else {
            return nil
        }
        return digits.count * 3 / 4
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
