internal import Foundation
internal import Kernel
internal import Supervision

/// The folder that holds everything of `latchkey dev`.
struct DevFolder {
    /// Its absolute path.
    let path: String
    /// Where the sockets are: `run` in it, or a short folder that `run` is a link to.
    let run: String

    var sessions: String { "\(path)/sessions" }
    var users: String { "\(path)/users.db" }
    var secrets: String { "\(path)/secrets" }
    var nginx: String { "\(path)/nginx" }

    /// The folder and its parts, made when they are missing.
    static func make(_ path: String) throws(CommandError) -> DevFolder {
        let absolute = absolute(path)
        for folder in [absolute, "\(absolute)/sessions", "\(absolute)/nginx"] { try Folders.make(folder) }
        return DevFolder(path: absolute, run: try socketFolder(absolute))
    }

    /// Takes a short folder of sockets away again; one inside the folder stays.
    func end() {
        guard run != "\(path)/run", Self.isOurs(run) else { return }
        for name in ["latchkey", "accounts", "control"] {
            try? Files.unlink("\(run)/\(name).sock")
            try? Files.unlink("\(run)/\(name).sock.lock")
        }
        try? Files.removeDirectory(run)
        try? Files.unlink("\(path)/run")
    }

    /// The folder as it is, for commands that only look into it.
    static func existing(_ path: String) -> DevFolder {
        let absolute = absolute(path)
        let run =
            (try? Files.readSymbolicLink("\(absolute)/run", in: Files.workingDirectory)) ?? "\(absolute)/run"
        return DevFolder(path: absolute, run: run)
    }

    /// The configuration that fits it.
    var configuration: Configuration {
        var settings = Configuration()
        settings.sessions = sessions
        settings.users = users
        settings.secrets = secrets
        settings.socket = "\(run)/latchkey.sock"
        settings.accountsSocket = "\(run)/accounts.sock"
        settings.controlSocket = "\(run)/control.sock"
        return settings
    }

    private static func absolute(_ path: String) -> String {
        path.utf8.first == UInt8(ascii: "/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    /// A unix socket's path has at most 107 bytes, so a deep folder gets its sockets in /tmp.
    private static func socketFolder(_ folder: String) throws(CommandError) -> String {
        let link = "\(folder)/run"
        let longest = "\(link)/accounts.sock"
        do throws(Errno) {
            if longest.utf8.count <= 107 {
                try Folders.makeOne(link)
                return link
            }
            if let target = try? Files.readSymbolicLink(link, in: Files.workingDirectory), isOurs(target) {
                return target
            }
            try? Files.unlink(link)
            let short = "/tmp/latchkey-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
            // Exclusive: a folder that somebody else put there is refused, not used.
            try Files.makeDirectory(short, mode: 0o700)
            try Files.makeSymbolicLink(saying: short, at: link, in: Files.workingDirectory)
            return short
        } catch {
            throw CommandError(
                Sysexit.configuration,
                "cannot make a folder for the sockets of \(folder)",
                why: ["\(error)"],
                next: "choose a shorter one with --state"
            )
        }
    }

    private static func isOurs(_ path: String) -> Bool {
        guard let status = try? Files.status(path) else { return false }
        return status.kind == .directory && status.user == Processes.user && status.permissions & 0o077 == 0
    }
}

extension Folders {
    /// Makes one folder for ourselves alone; an existing one is fine.
    static func makeOne(_ path: String) throws(Errno) {
        do throws(Errno) { try Files.makeDirectory(path, mode: 0o700) } catch .fileExists {}
    }
}
