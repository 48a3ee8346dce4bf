internal import Accounts
internal import Foundation
internal import Kernel
internal import Logging
internal import Supervision

/// The settings of the system as typed values.
struct Configuration {
    var sessions = Setting.sessions.standard
    var users = Setting.users.standard
    var secrets = Setting.secrets.standard
    var socket = Setting.socket.standard
    var socketGroup: UInt32?
    var socketMode: UInt32 = 0o660
    var accountsSocket = Setting.accountsSocket.standard
    var controlSocket = Setting.controlSocket.standard
    var allowedUsers: [String] = []
    var workers = max(2, ProcessInfo.processInfo.activeProcessorCount)
    var threads = 4
    var durability = "identity"
    var layout = "native"
    var bodyLimit: Int64 = 64 << 10
    var maxAbsolute: Milliseconds?
    var grace: Milliseconds = 10_000
    var logLevel = Logger.Level.info
    var workerProgram: String?
    var hashMemory: Int64 = 19 << 20
    var hashPasses = 2
    var minimumSecret = 32
    var sweepInterval: Milliseconds = 300_000

    /// The defaults.
    init() {}

    /// What the hash of a new password costs.
    var hashCost: HashCost {
        HashCost(memoryKiB: Int(hashMemory >> 10), passes: hashPasses) ?? .standard
    }

    /// Typed values of what was written; each that is wrong is a line in `problems`.
    init(_ written: [WrittenSetting], problems: inout [ConfigurationProblem]) {
        for entry in written {
            do throws(SettingError) { try take(entry) } catch {
                problems.append(
                    ConfigurationProblem(line: entry.line, text: "\(entry.place): \(error.reason)")
                )
            }
        }
    }

    private mutating func take(_ entry: WrittenSetting) throws(SettingError) {
        let value = SettingValue(entry.value)
        switch entry.setting {
        case .sessions: sessions = try value.path()
        case .users: users = try value.path()
        case .secrets: secrets = try value.path()
        case .socket: socket = try value.socketPath()
        case .socketGroup: socketGroup = try value.group()
        case .socketMode: socketMode = try value.mode()
        case .accountsSocket: accountsSocket = try value.socketPath()
        case .controlSocket: controlSocket = try value.socketPath()
        case .allowUser: allowedUsers = try value.users()
        case .workers: workers = try value.number(in: WorkerPoolOptions.workerRange)
        case .threads: threads = try value.number(in: 1...256)
        case .durability: durability = try value.word(of: ["none", "identity", "all"])
        case .layout: layout = try value.word(of: ["native", "express"])
        case .bodyLimit: bodyLimit = try value.size(in: 1 << 10...16 << 20)
        case .maxAbsolute: maxAbsolute = try value.duration(in: 60_000...3650 * 86_400_000)
        case .grace: grace = try value.duration(in: 0...3_600_000)
        case .logLevel:
            let word = try value.word(of: Logger.Level.allCases.map(\.rawValue))
            logLevel = Logger.Level(rawValue: word) ?? .info
        case .workerProgram: workerProgram = try value.path()
        case .hashMemory: hashMemory = try value.size(in: 8 << 10...1 << 30)
        case .hashPasses: hashPasses = try value.number(in: 1...100)
        case .minimumSecret: minimumSecret = try value.number(in: 16...64)
        case .sweepInterval: sweepInterval = try value.duration(in: 10_000...86_400_000)
        }
    }
}
