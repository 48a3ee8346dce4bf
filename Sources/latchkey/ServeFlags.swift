internal import ArgumentParser

/// The flags of the settings, each named as in the file.
struct ServeFlags: ParsableArguments {
    @Option(help: help(.sessions)) var sessions: String?
    @Option(help: help(.users)) var users: String?
    @Option(help: help(.secrets)) var secrets: String?
    @Option(help: help(.socket)) var socket: String?
    @Option(help: help(.socketGroup)) var socketGroup: String?
    @Option(help: help(.socketMode)) var socketMode: String?
    @Option(help: help(.accountsSocket)) var accountsSocket: String?
    @Option(help: help(.controlSocket)) var controlSocket: String?
    @Option(help: help(.allowUser)) var allowUser: [String] = []
    @Option(help: help(.workers)) var workers: String?
    @Option(help: help(.threads)) var threads: String?
    @Option(help: help(.durability), completion: .list(["none", "identity", "all"])) var durability: String?
    @Option(help: help(.layout), completion: .list(["native", "express"])) var layout: String?
    @Option(help: help(.bodyLimit)) var bodyLimit: String?
    @Option(help: help(.maxAbsolute)) var maxAbsolute: String?
    @Option(help: help(.grace)) var grace: String?
    @Option(help: help(.logLevel)) var logLevel: String?
    @Option(help: help(.workerProgram)) var workerProgram: String?
    @Option(help: help(.hashMemory)) var hashMemory: String?
    @Option(help: help(.hashPasses)) var hashPasses: String?
    @Option(help: help(.minimumSecret)) var minimumSecret: String?
    @Option(help: help(.sweepInterval)) var sweepInterval: String?

    private static func help(_ setting: Setting) -> ArgumentHelp {
        ArgumentHelp("\(setting.help) (default: \(setting.standard))")
    }

    /// What was said on the command line.
    var written: [WrittenSetting] {
        let allowed = allowUser.isEmpty ? nil : allowUser.joined(separator: " ")
        let pairs: [(Setting, String?)] = [
            (.sessions, sessions), (.users, users), (.secrets, secrets), (.socket, socket),
            (.socketGroup, socketGroup), (.socketMode, socketMode), (.accountsSocket, accountsSocket),
            (.controlSocket, controlSocket), (.allowUser, allowed), (.workers, workers), (.threads, threads),
            (.durability, durability), (.layout, layout), (.bodyLimit, bodyLimit),
            (.maxAbsolute, maxAbsolute),
            (.grace, grace), (.logLevel, logLevel), (.workerProgram, workerProgram),
            (.hashMemory, hashMemory), (.hashPasses, hashPasses), (.minimumSecret, minimumSecret),
            (.sweepInterval, sweepInterval),
        ]
        return pairs.compactMap { setting, value in
            value.map { WrittenSetting(setting: setting, value: $0, place: "--\(setting.name)") }
        }
    }
}
