import FastCGI
import Kernel
import Logging
import Sessions

/// The flags of `latchkey-worker`, checked.
struct WorkerConfiguration {
    /// What is wrong with the command line.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let usage = """
        usage: latchkey-worker --sessions DIR --secrets FILE [options]

        Serves login, dashboard and logout over FastCGI on descriptor 0, which must be a listening socket
        (or on the socket that systemd passes). `latchkey serve` and spawn-fcgi start it so.

          --sessions DIR      where the session files are; made (0700) when it is missing
          --secrets FILE      the secrets that sign cookies, newest first, one a line; nobody else may read it
          --accounts SOCKET   where `latchkey accounts` listens; without it every login is answered 503
          --threads N         threads that serve, 1 to 256 (4)
          --durability WORD   none, identity or all: what is on the disk before an answer leaves (identity)
          --layout WORD       native, or express to share the folder with session-file-store (native)
          --body-limit BYTES  longer bodies are answered 413 (65536)
          --allow-user USER   a name or uid that may connect, repeatable; always root and the worker's own (www-data, nginx)
          --allow-any-user    anybody who can open the socket may connect
          --max-absolute TIME no session lives longer, whatever a site says (none)
          --minimum-secret N  bytes that a secret must have, 16 to 64 (32)
          --log-level LEVEL   debug, info, notice, warning or error (info)
          --help, --version

        """
    static let version = "latchkey-worker 0.1.0"

    var sessions = ""
    var secrets = ""
    var accounts: String?
    var durability = FileSessionStore.Options.Durability.identity
    var layout = FileSessionStore.Options.Layout.native
    var server = FastCGIServer.Options()
    var limits = SiteOptions.Limits()
    var minimumSecret = 32
    var logLevel = Logger.Level.info
    var asks: Question?

    enum Question { case help, version }

    init(_ arguments: some Sequence<String>) throws(Failure) {
        var users: Set<UInt32> = [0, Processes.user]
        var userNames: [String] = []
        var allowsAnyUser = false
        var rest = Array(arguments)[...]
        while let flag = rest.popFirst() {
            switch flag {
            case "--help", "-h": asks = .help
            case "--version": asks = .version
            case "--allow-any-user": allowsAnyUser = true
            case "--sessions": sessions = try Self.value(of: flag, &rest)
            case "--secrets": secrets = try Self.value(of: flag, &rest)
            case "--accounts": accounts = try Self.value(of: flag, &rest)
            case "--allow-user": userNames.append(try Self.value(of: flag, &rest))
            case "--threads": server.threads = try Self.number(of: flag, in: 1...256, &rest)
            case "--body-limit": server.bodyLimit = try Self.number(of: flag, in: 1024...(16 << 20), &rest)
            case "--minimum-secret": minimumSecret = try Self.number(of: flag, in: 16...64, &rest)
            case "--durability":
                guard
                    let word = FileSessionStore.Options.Durability(rawValue: try Self.value(of: flag, &rest))
                else {
                    throw Failure(description: "--durability takes none, identity or all")
                }
                durability = word
            case "--layout":
                guard let word = FileSessionStore.Options.Layout(rawValue: try Self.value(of: flag, &rest))
                else {
                    throw Failure(description: "--layout takes native or express")
                }
                layout = word
            case "--log-level":
                guard let word = Logger.Level(rawValue: try Self.value(of: flag, &rest)) else {
                    throw Failure(description: "--log-level takes debug, info, notice, warning or error")
                }
                logLevel = word
            case "--max-absolute":
                // The syntax and the bounds of the site option `absolute`.
                let text = try Self.value(of: flag, &rest)
                do throws(SessionError) {
                    limits.absoluteMilliseconds = try SiteOptions("absolute=\(text)".utf8).session
                        .absoluteMilliseconds
                } catch {
                    throw Failure(description: "--max-absolute: \(error.message)")
                }
            default: throw Failure(description: "\"\(flag)\" is not an option of latchkey-worker; see --help")
            }
        }
        if asks != nil { return }
        if sessions.isEmpty { throw Failure(description: "--sessions DIR is missing; see --help") }
        if secrets.isEmpty { throw Failure(description: "--secrets FILE is missing; see --help") }
        for name in userNames { users.insert(try Self.user(name)) }
        if userNames.isEmpty {
            // One of the two is not there on most machines, and asking further would bring libraries in that stay.
            for name in ["www-data", "nginx"] {
                if let known = try? Processes.listedAccount(name) { users.insert(known.user) }
            }
        }
        server.allowedUsers = allowsAnyUser ? nil : users
    }

    private static func value(of flag: String, _ rest: inout ArraySlice<String>) throws(Failure) -> String {
        guard let value = rest.popFirst(), !value.isEmpty else {
            throw Failure(description: "\(flag) needs a value")
        }
        return value
    }

    private static func number(
        of flag: String,
        in bounds: ClosedRange<Int>,
        _ rest: inout ArraySlice<String>
    ) throws(Failure) -> Int {
        guard let number = Int(try value(of: flag, &rest)), bounds.contains(number) else {
            throw Failure(
                description: "\(flag) takes a number from \(bounds.lowerBound) to \(bounds.upperBound)"
            )
        }
        return number
    }

    private static func user(_ name: String) throws(Failure) -> UInt32 {
        if let number = UInt32(name) { return number }
        guard let known = try? Processes.account(name) else {
            throw Failure(description: "--allow-user: there is no user \"\(name)\"")
        }
        return known.user
    }
}
