internal import Kernel
internal import Supervision

/// Folders that are made when they are missing.
enum Folders {
    /// Makes a folder, and those above it, with this mode; what exists stays as it is.
    static func make(_ path: String, mode: UInt32 = 0o700) throws(CommandError) {
        var made = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            do throws(Errno) { try Files.makeDirectory(made, mode: mode) } catch .fileExists {
                continue
            } catch {
                throw CommandError(Sysexit.configuration, "cannot make the folder \(made)", why: ["\(error)"])
            }
        }
    }

    /// Whether there is a folder of this name.
    static func exists(_ path: String) -> Bool { (try? Files.status(path))?.kind == .directory }

    /// The folder that a path lies in.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
