internal import Kernel

/// The environment that children get.
enum ChildEnvironment {
    /// What speaks of descriptors and of the process that got it, and would mislead a child.
    private static let ours = [
        "LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=", "NOTIFY_SOCKET=", "WATCHDOG_",
    ]

    /// Ours as it was at the start, without the variables of the socket and watchdog protocols.
    static func lines() -> [String] {
        guard let file = try? Files.open("/proc/self/environ", [.read]),
            let bytes = try? Files.readAll(file.number, limit: 1 << 22)
        else { return [] }
        return bytes.split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
            .filter { line in !ours.contains { line.hasPrefix($0) } }
    }
}
