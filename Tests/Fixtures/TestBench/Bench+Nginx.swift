internal import Kernel

extension Bench {
    /// A running nginx.
    public struct Nginx: Sendable {
        /// The process.
        public let process: ChildProcess
        /// The ports of the servers, in their order.
        public let ports: [UInt16]
        /// The file of its error log.
        public let errorLogFile: String

        /// The port of the first server.
        public var port: UInt16 { ports[0] }
        /// What it complained of.
        public var errorLog: String { Folder.text(of: errorLogFile) }
        /// A visitor of a server.
        public func client(_ server: Int = 0, keepsConnection: Bool = false, timeout: Double = 15)
            -> HTTPClient
        {
            HTTPClient(port: ports[server], keepsConnection: keepsConnection, timeout: timeout)
        }
    }

    /// Starts an nginx of this test's own, each server on a free port of 127.0.0.1, and waits until it answers.
    ///
    /// - Parameters:
    ///   - servers: one or more.
    ///   - http: lines for the `http {}` around them.
    ///   - user: whose its worker process is, which takes root; nil is ours, in one process without a master.
    /// - Returns: the nginx and its ports.
    /// - Throws: where it cannot be started; the error says what it complained of.
    public func nginx(_ servers: NginxServer..., http: String = "", user: String? = nil) throws -> Nginx {
        try Folder.write(NginxConfiguration.parameters, to: "\(folder)/\(NginxConfiguration.parametersName)")
        // Between finding a port and listening on it somebody else may take it.
        for _ in 0..<5 {
            if let nginx = try startNginx(servers, http, user) { return nginx }
        }
        throw BenchError("five times a free port was taken before nginx could listen on it")
    }

    /// Nil when a port was taken.
    private func startNginx(_ servers: [NginxServer], _ http: String, _ user: String?) throws -> Nginx? {
        let ports = try Self.freePorts(servers.count)
        let sites = zip(servers, ports).enumerated().map { $1.0.text(number: $0, port: $1.1) }
        let path = "\(folder)/nginx.conf"
        let text = NginxConfiguration.text(
            folder: folder,
            http: ([http] + sites).joined(separator: "\n"),
            user: user
        )
        try Folder.write(text, to: path)
        let errorLogFile = "\(folder)/nginx-error.log"
        let process = try start(
            "nginx",
            try BuiltPrograms.system("nginx"),
            ["-p", folder, "-c", path, "-e", errorLogFile]
        )
        let nginx = Nginx(process: process, ports: ports, errorLogFile: errorLogFile)
        let isServing = try Waiting.value("nginx to serve") { () -> Bool? in
            guard process.isRunning else {
                guard nginx.errorLog.contains("Address already in use") else {
                    throw BenchError("\(process.tail)\n\(nginx.errorLog)")
                }
                return false
            }
            // With a certificate a plain request is answered 400, which is an answer too.
            return (try? HTTPClient(port: ports[0], timeout: 5).get("/.bench/ready")).map { _ in true }
        }
        return isServing ? nginx : nil
    }

    /// Ports of 127.0.0.1 that nobody listens on now.
    public static func freePorts(_ count: Int) throws -> [UInt16] {
        let bound = try (0..<count).map { _ in try Sockets.listen(loopbackPort: 0) }
        for one in bound { _ = Descriptor(owning: one.listener) }
        return bound.map(\.port)
    }
}
