internal import Kernel

extension FileSessionStore {
    /// Keys of a user's records; entries without a record are dropped on the way.
    public func keys(ofUser user: String) throws(SessionStoreError) -> [SessionStoreKey] {
        var keys: [SessionStoreKey] = []
        let digest = index.digest(user)
        try index.forEachEntry(ofDigest: digest) { (entry, isOwned) throws(SessionStoreError) in
            guard let key = options.layout.key(entry: entry), let place = options.layout.place(of: key) else {
                return
            }
            if !isOwned {
                try dropIfUnowned(entry, ofDigest: digest)
            } else if try exists(place) {
                keys.append(key)
            } else {
                try dropIfAbsent(entry)
            }
        }
        return keys
    }

    /// Calls `body` with each record; it may use the store.
    public func forEach(_ body: (SessionStoreKey, SessionRecord) -> Bool) throws(SessionStoreError) {
        try forEachKey { (key) throws(SessionStoreError) in
            guard let record = try load(key) else { return true }
            return body(key, record)
        }
    }

    /// The number of records; reads folders, not files.
    public func count() throws(SessionStoreError) -> Int {
        var count = 0
        try forEachKey { (_) throws(SessionStoreError) in
            count += 1
            return true
        }
        return count
    }

    /// Removes every record; what is created meanwhile may stay.
    public func clear() throws(SessionStoreError) {
        try forEachKey { (key) throws(SessionStoreError) in
            try destroy(key)
            return true
        }
    }

    private func forEachKey(
        _ body: (SessionStoreKey) throws(SessionStoreError) -> Bool
    ) throws(SessionStoreError) {
        for index in 0..<folders.recordFolderCount {
            guard let folder = try folders.records(index, makes: false) else { continue }
            var names = try throwing("list \(folders.path)") { () throws(Errno) in
                try DirectoryStream(folder.number)
            }
            while let name = try throwing("list \(folders.path)", { () throws(Errno) in try names.next() }) {
                guard let key = options.layout.key(folder: index, name: name) else { continue }
                guard try body(key) else { return }
            }
        }
    }
}
