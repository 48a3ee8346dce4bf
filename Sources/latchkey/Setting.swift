/// The settings of the system: one table for the file, the flags and their help.
enum Setting: String, CaseIterable {
    case sessions, users, secrets, socket
    case socketGroup = "socket-group"
    case socketMode = "socket-mode"
    case accountsSocket = "accounts-socket"
    case controlSocket = "control-socket"
    case allowUser = "allow-user"
    case workers, threads, durability, layout
    case bodyLimit = "body-limit"
    case maxAbsolute = "max-absolute"
    case grace
    case logLevel = "log-level"
    case workerProgram = "worker-program"
    case hashMemory = "hash-memory"
    case hashPasses = "hash-passes"
    case minimumSecret = "minimum-secret"
    case sweepInterval = "sweep-interval"

    /// Its name in the file, and after `--`.
    var name: String { rawValue }

    /// What stands there when nothing is said.
    var standard: String {
        switch self {
        case .sessions: "/var/lib/latchkey/sessions"
        case .users: "/var/lib/latchkey/users.db"
        case .secrets: "/var/lib/latchkey/secrets"
        case .socket: "/run/latchkey/latchkey.sock"
        case .socketGroup: "the group of the process"
        case .socketMode: "0660"
        case .accountsSocket: "/run/latchkey/accounts.sock"
        case .controlSocket: "/run/latchkey/control.sock"
        case .allowUser: "www-data and nginx, those that exist"
        case .workers: "one for each core, at least 2"
        case .threads: "4"
        case .durability: "identity"
        case .layout: "native"
        case .bodyLimit: "64k"
        case .maxAbsolute: "none"
        case .grace: "10s"
        case .logLevel: "info"
        case .workerProgram: "latchkey-worker beside this program"
        case .hashMemory: "19m"
        case .hashPasses: "2"
        case .minimumSecret: "32"
        case .sweepInterval: "5m"
        }
    }

    /// What it is, one line.
    var help: String {
        switch self {
        case .sessions: "The folder of the session files."
        case .users: "The database of users."
        case .secrets: "The file of the signing secrets, newest first."
        case .socket: "The unix socket that nginx passes requests to."
        case .socketGroup: "The group that may connect to it: nginx's."
        case .socketMode: "The socket's permissions, octal."
        case .accountsSocket: "The unix socket of the accounts process."
        case .controlSocket: "The unix socket for status and workers."
        case .allowUser: "Users besides root and our own that may pass requests: names or numbers."
        case .workers: "Worker processes, 1 to 64."
        case .threads: "Threads of each worker, 1 to 256."
        case .durability:
            "What must be on the disk before an answer: none, identity (sign-ins and sign-outs) or all."
        case .layout:
            "How session files are named and filled: native, or express to share them with session-file-store."
        case .bodyLimit: "The largest request body, 1k to 16m."
        case .maxAbsolute: "The longest life of a session, whatever a site says; 1m to 3650d."
        case .grace: "How long a worker may take to finish what it has in hand, 0s to 1h."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        case .workerProgram: "The file of the worker program."
        case .hashMemory: "Memory that the hash of a new password takes (argon2id), 8k to 1g."
        case .hashPasses: "Passes over it, 1 to 100."
        case .minimumSecret:
            "Bytes that a secret must have, 16 to 64; fewer than 32 only to share cookies with Express."
        case .sweepInterval: "How often expired sessions are removed, 10s to 1d."
        }
    }
}
