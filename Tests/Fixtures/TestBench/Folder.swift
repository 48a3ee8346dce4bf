internal import Foundation
internal import Kernel

/// Files and folders of a test.
public enum Folder {
    /// The bytes of a file; empty when it cannot be read.
    public static func bytes(of path: String) -> [UInt8] {
        guard let file = try? Files.open(path, [.read]),
            let bytes = try? Files.readAll(file.number, limit: 1 << 26)
        else { return [] }
        return bytes
    }

    /// The text of a file; empty when it cannot be read.
    public static func text(of path: String) -> String { String(decoding: bytes(of: path), as: UTF8.self) }

    /// Writes a file anew.
    public static func write(_ text: String, to path: String, mode: UInt32 = 0o600) throws {
        let file = try Files.open(path, [.write, .create, .truncate], mode: mode)
        try Files.writeAll(file.number, Array(text.utf8))
    }

    /// Makes a folder for ourselves alone.
    public static func make(_ path: String, mode: UInt32 = 0o700) throws {
        try Files.makeDirectory(path, mode: mode)
    }

    /// Everything below a folder, by relative path, sorted.
    public static func list(_ path: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: path)?.allObjects.compactMap { $0 as? String } ?? []
        return all.sorted()
    }

    /// Gives a file or folder another name.
    public static func move(_ from: String, to: String) throws {
        try Files.rename(from, in: Files.workingDirectory, to: to, in: Files.workingDirectory)
    }

    /// Removes a folder and everything in it.
    public static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
