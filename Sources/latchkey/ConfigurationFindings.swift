internal import Accounts
internal import Kernel
internal import Supervision

/// What a look at the configuration and at what it names has found.
struct ConfigurationFindings {
    /// What would keep it from starting or serving.
    var errors: [String] = []
    /// What is not as it should be, and can be lived with.
    var warnings: [String] = []

    /// Looks at folders, files and programs; changes nothing.
    mutating func look(at settings: Configuration) {
        lookAtFolder("sessions", settings.sessions)
        lookAtSecrets(settings.secrets, settings.minimumSecret)
        lookAtUsers(settings.users)
        var sockets: [String: String] = [:]
        for (name, path) in [
            ("socket", settings.socket), ("accounts-socket", settings.accountsSocket),
            ("control-socket", settings.controlSocket),
        ] {
            if let other = sockets[path] { errors.append("\(name) and \(other) are the same path: \(path)") }
            sockets[path] = name
            if (try? Files.isSocket(path)) == false {
                errors.append("\(name): \(path) exists and is not a socket; move it away")
            }
        }
        do throws(CommandError) {
            let program = try PoolSetup.workerPath(settings)
            guard let status = try? Files.status(program) else {
                errors.append("worker-program: there is no file \(program)")
                return
            }
            if status.kind == .directory { errors.append("worker-program: \(program) is a folder") }
        } catch {
            errors.append(error.what)
        }
    }

    /// One sentence for a person.
    var summary: String {
        func count(_ list: [String], _ word: String) -> String {
            "\(list.count) \(word)\(list.count == 1 ? "" : "s")"
        }
        if errors.isEmpty, warnings.isEmpty { return "the configuration is fine" }
        return "\(count(errors, "error")), \(count(warnings, "warning"))"
    }

    var json: JSONText {
        .object([
            ("errors", .array(errors.map { .string($0) })),
            ("warnings", .array(warnings.map { .string($0) })),
        ])
    }

    private mutating func lookAtFolder(_ name: String, _ path: String) {
        do throws(Errno) {
            let status = try Files.status(path)
            if status.kind != .directory { errors.append("\(name): \(path) is not a folder") }
            if status.kind == .directory, status.permissions & 0o077 != 0 {
                let mode = String(status.permissions, radix: 8)
                errors.append(
                    "\(name): \(path) has the permissions 0\(mode), it must be 0700: chmod 700 \(path)"
                )
            }
        } catch .noSuchFile {
            warnings.append("\(name): \(path) does not exist yet; serve makes it")
        } catch {
            errors.append("\(name): \(path): \(error)")
        }
    }

    private mutating func lookAtSecrets(_ path: String, _ minimum: Int) {
        do throws(Errno) { _ = try Files.status(path) } catch .noSuchFile {
            return warnings.append("secrets: \(path) does not exist yet; serve makes it")
        } catch {}
        errors += SecretsFile.problems(path, minimum: minimum).map { "secrets: \($0)" }
    }

    private mutating func lookAtUsers(_ path: String) {
        do throws(UserDatabaseError) {
            let users = try UserDatabase(path: path, absence: .fail).accounts()
            if users.isEmpty { warnings.append("users: nobody is in \(path) yet; latchkey user add NAME") }
        } catch {
            if error.reason == .missing {
                warnings.append("users: \(path) does not exist yet; latchkey user add NAME makes it")
            } else {
                errors.append("users: \(Console.harmless(error.description))")
            }
        }
    }
}
