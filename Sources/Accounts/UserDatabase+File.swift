internal import Kernel

extension UserDatabase {
    /// Makes folder and file where they are missing, and refuses what others could write or read.
    ///
    /// The file is made before SQLite sees it, so that no moment and no umask leaves it readable; SQLite gives its `-wal` and `-shm` files the
    /// same permissions.
    static func prepareFile(_ path: String, _ absence: Absence) throws(UserDatabaseError) {
        do {
            let folder = folder(of: path)
            if case .create = absence { try makeFolder(folder) }
            let folderStatus = try Files.status(folder + "/.")
            try checkFolder(folderStatus, folder)
            if case .create = absence { try makeFile(path, folderStatus) }
            try checkFile(try Files.status(path), folderStatus)
        } catch let errno as Errno {
            throw UserDatabaseError(path: path, reason: errno == .noSuchFile ? .missing : .system(errno))
        } catch {
            throw self.error(error, path)
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    private static func makeFolder(_ folder: String) throws(Errno) {
        do { try Files.makeDirectory(folder, mode: 0o700) } catch .fileExists {}
    }

    private static func makeFile(_ path: String, _ folder: FileStatus) throws(Errno) {
        do {
            let file = try Files.open(path, [.readWrite, .create, .exclusive, .noFollow], mode: 0o600)
            // The umask can only take bits away; give ours back.
            try Files.changeMode(file.number, to: 0o600)
            // Added by root for a service that runs as another user: the service must be able to open it.
            if Processes.user == 0, folder.user != 0 {
                try Files.changeOwner(of: path, user: folder.user, group: folder.group)
            }
        } catch .fileExists {}
    }

    private static func checkFolder(_ status: FileStatus, _ folder: String) throws(UserDatabaseError.Reason) {
        guard status.user == Processes.user || status.user == 0 || Processes.user == 0 else {
            throw .unsafe("its folder \(folder) belongs to another user (uid \(status.user))")
        }
        guard status.permissions & 0o022 == 0 else {
            throw .unsafe("others can write to its folder; try: chmod 0700 \(folder)")
        }
    }

    private static func checkFile(_ status: FileStatus, _ folder: FileStatus) throws(UserDatabaseError.Reason)
    {
        guard status.kind == .regular, status.links == 1 else {
            throw .unsafe("it is not a plain file with one name")
        }
        guard status.user == Processes.user || Processes.user == 0 && status.user == folder.user else {
            throw .unsafe("it belongs to another user (uid \(status.user))")
        }
        guard status.permissions & 0o077 == 0 else {
            throw .unsafe("others can read or write it; try: chmod 0600 on it")
        }
    }
}
