internal import Kernel
internal import Supervision

/// The nginx that `latchkey dev` runs for itself.
enum PrivateNginx {
    /// As a supervised child: it stops before the workers, so that nothing new comes in.
    ///
    /// Its code 1 means that it could not start; QUIT and TERM both end a process without a master at once (nginx, control).
    static let service = Service(
        "nginx",
        teardown: Teardown(
            graceful: [TeardownStep(.quit, waiting: 2000), TeardownStep(.terminate, waiting: 1000)],
            quick: [TeardownStep(.terminate, waiting: 1000)]
        ),
        outlivesWorkers: false,
        cannotStart: [1: Sysexit.configuration]
    )

    /// The program's file, from PATH or where distributions put it.
    static func find() throws(CommandError) -> String {
        let path = (Processes.environment("PATH") ?? "").split(separator: ":").map(String.init)
        let folders = path + ["/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/opt/nginx/sbin"]
        for folder in folders {
            let file = "\(folder)/nginx"
            if let opened = try? Files.open(file, [.read]), let status = try? Files.status(of: opened.number),
                status.kind == .regular, status.permissions & 0o111 != 0
            {
                return file
            }
        }
        throw CommandError(
            Sysexit.unavailable,
            "nginx was not found in PATH, nor in /usr/sbin",
            next: "install it: apt-get install nginx-light   (Fedora: dnf install nginx-core)"
        )
    }

    /// The port itself when nobody listens on it; for 0 some free one.
    static func freePort(_ port: UInt16) throws(CommandError) -> UInt16 {
        do throws(Errno) {
            let (listener, bound) = try Sockets.listen(loopbackPort: port)
            _ = Descriptor(owning: listener)
            return bound
        } catch {
            let isTaken = error == .addressInUse
            throw CommandError(
                isTaken ? Sysexit.unavailable : Sysexit.permission,
                "port \(port) of 127.0.0.1 \(isTaken ? "is taken by another program" : "cannot be listened on")",
                why: isTaken ? [] : ["\(error)"],
                next: "choose another one: latchkey dev --port \(port < 65_000 ? max(port, 1024) + 1 : 8081)"
            )
        }
    }

    /// Writes the configuration; the program that reads it.
    static func prepare(_ file: String, _ site: NginxConfiguration) throws(CommandError) -> Program {
        if let problem = site.problem { throw CommandError(Sysexit.usage, problem) }
        let path = "\(site.folder)/nginx.conf"
        do throws(Errno) {
            let file = try Files.open(path, [.write, .create, .truncate], mode: 0o600)
            try Files.writeAll(file.number, Array(site.text.utf8))
        } catch {
            throw CommandError(Sysexit.configuration, "cannot write \(path)", why: ["\(error)"])
        }
        // -e: without it nginx first opens the log that it was built with, which only root may write.
        let arguments = ["-p", site.folder, "-c", path, "-e", "\(site.folder)/error.log"]
        return Program(file, arguments, environment: ChildEnvironment.lines(), input: nil)
    }
}
