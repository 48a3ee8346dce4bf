/// A session lab of the suite: a process with a store, secrets and ids of its own.
enum Lab: String, CaseIterable {
    case memory, files, noSecret, apple, percent, url, binarySecret, twoSecrets, firstSecret, secondSecret
    case broken

    static let secret = "keyboard cat"
    static let otherSecret = "nyan cat"

    /// The words behind `session-lab`; the folder is the suite's own.
    func arguments(_ folder: String) -> [String] {
        switch self {
        // Many scripts of many tests sleep at once.
        case .memory: Self.words("memory", [Self.secret]) + ["--threads", "16"]
        case .files:
            Self.words("file:\(folder)/\(Self.sessions),layout=express", [Self.secret]) + ["--threads", "16"]
        case .noSecret: Self.words("memory", [])
        case .apple: Self.words("memory", [Self.secret]) + ["--generate-id", "fixed:apple"]
        case .percent: Self.words("memory", [Self.secret]) + ["--generate-id", "fixed:%"]
        case .url: Self.words("memory", [Self.secret]) + ["--generate-id", "url"]
        case .binarySecret:
            Self.words("memory", ["hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"])
        case .twoSecrets: Self.words("file:\(folder)/shared", [Self.secret, Self.otherSecret])
        case .firstSecret: Self.words("file:\(folder)/shared", [Self.secret])
        case .secondSecret: Self.words("file:\(folder)/shared", [Self.otherSecret])
        case .broken: Self.words("file:\(folder)/\(Self.brokenSessions)", [Self.secret])
        }
    }

    /// The folder of `files`, in the suite's.
    static let sessions = "sessions"
    /// The folder of `broken`, in which every record's place is blocked.
    static let brokenSessions = "broken"

    private static func words(_ store: String, _ secrets: [String]) -> [String] {
        ["--store", store] + secrets.flatMap { ["--secret", $0] }
    }
}
