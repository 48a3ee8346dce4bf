internal import Kernel

/// Which sessions a user has, without reading one.
///
/// `users/<SHA-256 of the name>/<entry>` is an empty file per session, and `owners/<entry>` a file that says which user's it is: so the
/// entry of a session that ends, or changes hands, is found without a search, and an entry counts only when both say the same. Entries are made before their record, so no session that exists is missing here; those without a record
/// are dropped when they are met. All changes are made by a holder of the session's existence lock.
struct UserIndex {
    let folders: StoreFolders
    /// Whether entries are on the disk when `enter` returns.
    let syncs: Bool

    private var users: String { folders.ownName("users") }
    private var owners: String { folders.ownName("owners") }

    /// The name of a user's list.
    func digest(_ user: String) -> String { SessionStoreKey(id: user, for: SessionStoreTraits()).hex }

    /// Writes a session down under a user, and strikes it off another's list.
    func enter(_ entry: String, user: String) throws(SessionStoreError) {
        let users = try folders.own("users")
        let owners = try folders.own("owners")
        let digest = digest(user)
        try throwing("index a session in \(folders.path)") { () throws(Errno) in
            let former = try owner(entry, in: owners.number)
            let list = try makeEntry(entry, digest, in: users)
            if former != digest {
                // Renamed over the former one, so that the session is on one list or the other at every moment.
                let fresh = ".\(entry).tmp"
                try? Files.unlink(fresh, in: owners.number)
                let file = try Files.open(fresh, in: owners.number, [.write, .create, .exclusive, .noFollow])
                try Files.writeAll(file.number, Array(digest.utf8))
                if syncs { try Files.syncData(file.number) }
                try Files.rename(fresh, in: owners.number, to: entry, in: owners.number)
                if let former { try? Files.unlink("\(former)/\(entry)", in: users.number) }
            }
            guard syncs else { return }
            try list.sync()
            try users.sync()
            try owners.sync()
        }
    }

    /// Strikes a session off the list that it is on.
    ///
    /// A failure leaves an entry without a record, which is dropped later.
    func forget(_ entry: String) {
        guard let own = try? folders.own() else { return }
        guard let digest = try? owner("\(owners)/\(entry)", in: own.number) else { return }
        try? Files.unlink("\(users)/\(digest)/\(entry)", in: own.number)
        try? Files.unlink("\(owners)/\(entry)", in: own.number)
        removeListIfEmpty(digest)
    }

    /// Calls `body` with each entry of a list.
    ///
    /// - Parameters:
    ///   - digest: the list's name.
    ///   - body: gets the entry, and whether the session's file confirms it.
    /// - Throws: `.unavailable` when the list cannot be read.
    func forEachEntry(
        ofDigest digest: String,
        _ body: (String, Bool) throws(SessionStoreError) -> Void
    ) throws(SessionStoreError) {
        let own = try folders.own()
        let names: [String]
        do {
            let list = try Files.open("\(users)/\(digest)", in: own.number, [.read, .directory, .noFollow])
            var found: [String] = []
            try Files.forEachName(in: list.number) { name in
                found.append(name)
                return true
            }
            names = found
        } catch .noSuchFile {
            return
        } catch {
            throw SessionStoreError("list a user's sessions in \(folders.path)", error)
        }
        for entry in names { try body(entry, isOwned(entry, digest)) }
    }

    /// Whether the session's file says this list.
    func isOwned(_ entry: String, _ digest: String) throws(SessionStoreError) -> Bool {
        let own = try folders.own()
        do {
            return try owner("\(owners)/\(entry)", in: own.number) == digest
        } catch {
            throw SessionStoreError("list a user's sessions in \(folders.path)", error)
        }
    }

    /// Removes an entry that nothing confirms; the caller holds the existence lock and has looked again.
    func drop(_ entry: String, ofDigest digest: String) {
        guard let own = try? folders.own() else { return }
        try? Files.unlink("\(users)/\(digest)/\(entry)", in: own.number)
        removeListIfEmpty(digest)
    }

    /// Removes a list without entries; whoever is about to make one makes the list again.
    func removeListIfEmpty(_ digest: String) {
        guard let own = try? folders.own() else { return }
        try? Files.removeDirectory("\(users)/\(digest)", in: own.number)
    }

    /// What a session's file says; nil for none, and for what says nothing that could be a list's name.
    private func owner(_ path: String, in directory: Int32) throws(Errno) -> String? {
        do {
            let file = try Files.open(path, in: directory, [.read, .noFollow, .nonBlocking])
            guard let bytes = try Files.readAll(file.number, expecting: 64, limit: 64),
                SessionStoreKey(hex: bytes) != nil
            else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        } catch .noSuchFile {
            return nil
        } catch .symbolicLink {
            return nil
        } catch .isDirectory {
            return nil
        } catch {
            throw error
        }
    }

    // A list that loses its last entry is removed, which can happen between the two calls.
    private func makeEntry(_ entry: String, _ digest: String, in users: StoreFolder) throws(Errno)
        -> StoreFolder
    {
        var tries = 0
        while true {
            tries += 1
            do {
                try Files.makeDirectory(digest, in: users.number, mode: 0o700)
            } catch .fileExists {}
            do {
                let list = StoreFolder(
                    try Files.open(digest, in: users.number, [.read, .directory, .noFollow])
                )
                _ = try Files.open(entry, in: list.number, [.write, .create, .noFollow])
                return list
            } catch .noSuchFile where tries < 16 {
                continue
            } catch {
                throw error
            }
        }
    }
}
