import Kernel
import Sessions

/// The file of the secrets that sign cookies: one a line, newest first; `hex:` in front spells bytes.
///
/// Empty lines, and lines that begin with `#`, do not count.
enum SecretsFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let maximumBytes = 64 * 1024

    /// Reads the file, after looking at who else could.
    static func read(_ path: String, minimumBytes: Int) throws(Failure) -> SessionSecrets {
        let bytes: [UInt8]
        do throws(Errno) {
            let file = try Files.open(path, [.read, .nonBlocking])
            let status = try Files.status(of: file.number)
            guard status.kind == .regular else { throw Errno.invalidArgument }
            // What others can read is no secret: it must be ours or root's, and nobody else's to read.
            guard status.user == Processes.user || status.user == 0,
                status.permissions & 0o077 == 0 || status.user == 0 && status.permissions & 0o037 == 0
            else { throw Errno.notPermitted }
            guard let all = try Files.readAll(file.number, limit: maximumBytes) else {
                throw Errno.fileTooLarge
            }
            bytes = all
        } catch .notPermitted {
            throw Failure(
                description: "\(path): belongs to or can be read by others; chown it and chmod 600 \(path)"
            )
        } catch {
            throw Failure(description: "\(path): \(error)")
        }
        return try parse(bytes, path, minimumBytes)
    }

    private static func parse(_ bytes: [UInt8], _ path: String, _ minimumBytes: Int) throws(Failure)
        -> SessionSecrets
    {
        var secrets: [[UInt8]] = []
        for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            var line = line
            while let last = line.last, last == 13 || last == 32 || last == 9 { line.removeLast() }
            while let first = line.first, first == 32 || first == 9 { line.removeFirst() }
            if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
            guard line.starts(with: "hex:".utf8) else {
                secrets.append(Array(line))
                continue
            }
            guard let secret = hexadecimal(line.dropFirst(4)) else {
                throw Failure(
                    description: "\(path):\(index + 1): after hex: come pairs of hexadecimal digits"
                )
            }
            secrets.append(secret)
        }
        do throws(SessionSecrets.Failure) {
            return try SessionSecrets(secrets, minimumBytes: minimumBytes)
        } catch {
            switch error {
            case .none:
                throw Failure(
                    description: "\(path): holds no secret; one can be made with: latchkey keys rotate"
                )
            case .tooShort(let index, let bytes, let minimum):
                throw Failure(
                    description: "\(path): secret \(index + 1) has \(bytes) bytes, fewer than \(minimum)"
                )
            case .tooMany(let count):
                throw Failure(
                    description:
                        "\(path): \(count) secrets are more than \(SessionSecrets.maximumCount); drop the oldest"
                )
            }
        }
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count % 2 == 0, !digits.isEmpty else { return nil }
        var bytes: [UInt8] = []
        var pending: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if let high = pending {
                bytes.append(high << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        return bytes
    }
}
