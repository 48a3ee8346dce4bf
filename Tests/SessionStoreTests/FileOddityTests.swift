import Foundation
import Kernel
import SessionStoreTesting
import Sessions
import Testing
import Web

@Suite struct `A file store meets` {
    /// A store with one record, and the path of the record's file.
    private func stored(
        _ folder: TemporaryFolder,
        layout: FileSessionStore.Options.Layout = .native
    ) throws -> (FileSessionStore, SessionStoreKey, String) {
        let store = try folder.open(layout: layout)
        let key = SessionStoreSample.key(for: store)
        _ = try store.create(key, SessionStoreSample.record(1, user: "ada"))
        let name =
            layout == .native ? "\(key.hex.prefix(2))/\(key.hex.dropFirst(2)).json" : "\(key.id ?? "").json"
        return (store, key, "\(folder.store)/\(name)")
    }

    @Test func `only files that are its own and closed to others, whatever the umask`() throws {
        for umask in ["000", "022", "077"] {
            let folder = try TemporaryFolder()
            #expect(try folder.exercise(["with-umask", umask, "create", "masked"]) == .exited(0))
            let paths = FileManager.default.enumerator(atPath: folder.store)?.allObjects.compactMap {
                $0 as? String
            }
            #expect((paths?.count ?? 0) > 6)
            for path in paths ?? [] {
                let status = try Files.status("\(folder.store)/\(path)")
                #expect(
                    status.permissions == (status.kind == .directory ? 0o700 : 0o600),
                    "\(path) under \(umask)"
                )
            }
            #expect(try Files.status(folder.store).permissions == 0o700)
        }
    }

    @Test func `a umask that takes the owner's rights with a refusal`() throws {
        let folder = try TemporaryFolder()
        #expect(try folder.exercise(["with-umask", "777", "create", "masked"]) == .exited(1))
    }

    @Test(arguments: FileSessionStore.Options.Layout.allCases)
    func `what is no record of its own, puts it aside once and has no session`(
        _ layout: FileSessionStore.Options.Layout
    ) throws {
        let oddities: [(String, (String) throws -> Void)] = [
            (
                "symbolic link",
                { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "/etc/passwd") }
            ),
            (
                "dangling link",
                { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "nowhere") }
            ),
            (
                "FIFO",
                {  // Safe because the path lives for the call.
                    let made = unsafe mkfifo($0, 0o600)
                    #expect(made == 0)
                }
            ),
            ("folder", { try Files.makeDirectory($0) }),
            (
                "full folder",
                {
                    try Files.makeDirectory($0)
                    try Data([1]).write(to: URL(fileURLWithPath: "\($0)/x"))
                }
            ),
            (
                "second name",
                {
                    try Data("{}".utf8).write(to: URL(fileURLWithPath: $0))
                    try FileManager.default.linkItem(atPath: $0, toPath: "\($0).other")
                }
            ),
            ("too much", { try Data(count: 65_536 + 49).write(to: URL(fileURLWithPath: $0)) }),
            (
                "huge hole",
                {
                    try Data().write(to: URL(fileURLWithPath: $0))
                    let file = try Files.open($0, [.write])
                    try Files.truncate(file.number, to: 1 << 40)
                }
            ),
            ("socket", { _ = try Sockets.listen(unix: $0).number }),
        ]
        for (name, make) in oddities {
            // A socket's path must be short.
            let folder = try TemporaryFolder(under: "/tmp")
            let (store, key, path) = try stored(folder, layout: layout)
            try Files.unlink(path)
            if name == "socket" && path.utf8.count > 107 { continue }
            try make(path)
            #expect(try store.load(key) == nil, "\(name) is no session")
            #expect(store.quarantineCount == 1, "\(name) is put aside")
            #expect(throws: Errno.noSuchFile) { try Files.status(path) }
            #expect(try store.load(key) == nil)
            #expect(store.quarantineCount == 1, "once")
            #expect(try store.create(key, SessionStoreSample.record(2)), "the place is free")
            #expect(SessionStoreSample.number(of: try store.load(key)) == 2)
        }
    }

    @Test func `another user's file and puts it aside`() throws {
        guard Processes.user == 0 else { return }
        let folder = try TemporaryFolder()
        let (store, key, path) = try stored(folder)
        try Files.changeOwner(of: path, user: 65_534, group: nil)
        #expect(try store.load(key) == nil)
        #expect(store.quarantineCount == 1)
    }

    @Test func `a native record cut off at every byte without a fault`() throws {
        let folder = try TemporaryFolder()
        let (store, key, path) = try stored(folder)
        let whole = SessionStoreSample.record(1).payload
        for count in 0..<whole.count {
            try Data(whole[..<count]).write(to: URL(fileURLWithPath: path))
            // To the store any bytes are a record; the middleware judges them.
            #expect(try store.load(key)?.payload == Array(whole[..<count]))
        }
    }

    @Test func `an Express record cut off at every byte, and puts it aside`() throws {
        let folder = try TemporaryFolder()
        let (store, key, path) = try stored(folder, layout: .express)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for count in 0..<whole.count {
            try Data(whole[..<count]).write(to: URL(fileURLWithPath: path))
            #expect(try store.load(key) == nil)
            #expect(store.quarantineCount == count + 1)
        }
    }

    @Test(arguments: [
        "symbolic link", "file", "open", "foreign", "version", "layout", "no parent", "fan-out link",
        "foreign fan-out",
    ])
    func `a folder that it must not use, and says why`(_ problem: String) throws {
        let folder = try TemporaryFolder()
        let expected: String
        switch problem {
        case "symbolic link":
            try Files.makeDirectory("\(folder.path)/real")
            try FileManager.default.createSymbolicLink(atPath: folder.store, withDestinationPath: "real")
            expected = "is no folder, or a symbolic link"
        case "file":
            try Data().write(to: URL(fileURLWithPath: folder.store))
            expected = "is no folder"
        case "open":
            try Files.makeDirectory(folder.store)
            try Files.changeMode(of: folder.store, to: 0o750)
            expected = "is open to others (mode 750)"
        case "foreign":
            guard Processes.user == 0 else { return }
            try Files.makeDirectory(folder.store)
            try Files.changeOwner(of: folder.store, user: 65_534, group: nil)
            expected = "belongs to user 65534"
        case "version":
            _ = try folder.open()
            try Data("latchkey sessions 2 native\n".utf8).write(
                to: URL(fileURLWithPath: "\(folder.store)/.format")
            )
            expected = "is of format 'latchkey sessions 2 native'"
        case "layout":
            _ = try folder.open(layout: .express)
            expected = "is a store of another layout"
        case "no parent":
            try Files.removeDirectory(folder.path)
            expected = "make the store"
        case "fan-out link", "foreign fan-out":
            let (store, key, path) = try stored(folder)
            _ = store
            let fan = (path as NSString).deletingLastPathComponent
            if problem == "fan-out link" {
                try FileManager.default.moveItem(atPath: fan, toPath: "\(folder.path)/elsewhere")
                try FileManager.default.createSymbolicLink(
                    atPath: fan,
                    withDestinationPath: "\(folder.path)/elsewhere"
                )
            } else {
                guard Processes.user == 0 else { return }
                try Files.changeOwner(of: fan, user: 65_534, group: nil)
            }
            let failure = #expect(throws: SessionStoreError.self) { try folder.open().load(key) }
            #expect(failure?.code == .misconfigured)
            return
        default: return
        }
        let failure = #expect(throws: SessionStoreError.self) { try folder.open() }
        #expect(failure?.code == (problem == "no parent" ? .unavailable : .misconfigured))
        #expect(failure?.context.contains(expected) == true, "\(failure?.context ?? "")")
    }

    @Test func `a folder that is cleared while it is open, and goes on`() throws {
        let folder = try TemporaryFolder()
        let (store, key, _) = try stored(folder)
        let other = try folder.open()
        #expect(try other.load(key) != nil)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.store) {
            try FileManager.default.removeItem(atPath: "\(folder.store)/\(name)")
        }
        #expect(try store.load(key) == nil)
        #expect(try !store.destroy(key))
        #expect(try store.create(key, SessionStoreSample.record(2, user: "ada")))
        #expect(SessionStoreSample.number(of: try other.load(key)) == 2, "also for those who had it open")
        #expect(try other.keys(ofUser: "ada") == [key])
        // Both lock the same file again.
        let lease = try store.lease(key, until: .milliseconds(1_000))
        #expect(throws: SessionStoreError.self) { try other.lease(key, until: .milliseconds(10)) }
        lease.release()
    }

    @Test func `a folder that is taken away, and says so until it is back`() throws {
        let folder = try TemporaryFolder()
        let (store, key, _) = try stored(folder)
        try FileManager.default.removeItem(atPath: folder.store)
        #expect(throws: SessionStoreError.self) { try store.load(key) }
        #expect(throws: SessionStoreError.self) { try store.create(key, SessionStoreSample.record()) }
        try Files.makeDirectory(folder.store)
        #expect(try store.load(key) == nil)
        #expect(try store.create(key, SessionStoreSample.record(3)))
        #expect(SessionStoreSample.number(of: try store.load(key)) == 3)
    }

    @Test func `a lock file that is removed, and goes over to a new one`() throws {
        let folder = try TemporaryFolder()
        let (store, key, _) = try stored(folder)
        let other = try folder.open()
        try store.lease(key, until: .milliseconds(100)).release()
        try other.lease(key, until: .milliseconds(100)).release()
        try Files.unlink("\(folder.store)/.locks")
        let lease = try store.lease(key, until: .milliseconds(100))
        #expect(throws: SessionStoreError.self) { try other.lease(key, until: .milliseconds(10)) }
        let late = try folder.open()
        #expect(throws: SessionStoreError.self) { try late.lease(key, until: .milliseconds(10)) }
        lease.release()
    }

    @Test func `no end of descriptors`() throws {
        let folder = try TemporaryFolder()
        #expect(try folder.exercise(["descriptors", "leak"]) == .exited(0))
    }

    @Test func `names that are no ids with no record and no file`() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(layout: .express)
        for id in [
            "", "../x", "a/b", ".", "..", "a.json", "a\u{0}b", "é", String(repeating: "a", count: 129),
        ] {
            let key = SessionStoreSample.key(id, for: store)
            #expect(try store.load(key) == nil)
            #expect(try !store.destroy(key))
            #expect(try !store.touch(key, expires: SessionStoreSample.now, lastUsed: SessionStoreSample.now))
            let outcome = try store.update(key, holding: nil, until: .milliseconds(0)) { _ in .store }
            #expect(outcome == .gone)
            #expect(throws: SessionStoreError.self) { try store.create(key, SessionStoreSample.record()) }
        }
        #expect(try store.count() == 0)
    }

    @Test func `an index with entries of ended sessions, and mends it`() throws {
        let folder = try TemporaryFolder()
        let (store, key, path) = try stored(folder)
        let lists = try FileManager.default.contentsOfDirectory(atPath: "\(folder.store)/.users")
        #expect(lists.count == 1)
        // A record removed by hand; an entry that nothing confirms.
        try Files.unlink(path)
        let stray = SessionStoreSample.key(for: store)
        try Data().write(to: URL(fileURLWithPath: "\(folder.store)/.users/\(lists[0])/\(stray.hex)"))
        #expect(try store.keys(ofUser: "ada").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.store)/.users").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.store)/.owners").isEmpty)
        #expect(try store.create(key, SessionStoreSample.record(1, user: "ada")))
        #expect(try store.keys(ofUser: "ada") == [key])
    }

    @Test func `a record larger than it takes with a refusal`() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(maximumRecordBytes: 1_000)
        let key = SessionStoreSample.key(for: store)
        let large = SessionStoreSample.record(padding: 1_000)
        #expect(throws: SessionStoreError.self) { try store.create(key, large) }
        #expect(try store.create(key, SessionStoreSample.record(1)))
        let failure = #expect(throws: SessionStoreError.self) {
            try store.update(key, holding: nil, until: .milliseconds(1_000)) { record in
                record = large
                return .store
            }
        }
        #expect(failure?.code == .tooLarge)
        #expect(SessionStoreSample.number(of: try store.load(key)) == 1)
    }

    @Test func `leftovers and removes the old ones alone`() throws {
        let folder = try TemporaryFolder()
        let (store, key, path) = try stored(folder)
        let fan = (path as NSString).deletingLastPathComponent
        let living = ".\(Processes.id).abc.1.tmp"
        let names = [".4194303.abc.1.tmp", ".abc.tmp", living, "README"]
        for name in names { try Data().write(to: URL(fileURLWithPath: "\(fan)/\(name)")) }
        try Data().write(to: URL(fileURLWithPath: "\(folder.store)/.4194303.abc.2.tmp"))
        let now = Clocks.wallMilliseconds()
        for (age, expected) in [(0, 0), (61_000, 3), (61_000, 0), (86_401_000, 1)] as [(Int64, Int)] {
            let report = try store.sweep(now: UnixTime(milliseconds: now + age), forMilliseconds: 5_000)
            #expect(report.leftovers == expected)
        }
        #expect(try store.load(key) != nil)
        _ = try Files.status("\(fan)/README")
    }

    @Test func `a sweep of another process and leaves it alone`() throws {
        let folder = try TemporaryFolder()
        let (store, _, _) = try stored(folder)
        let other = try folder.open()
        var report = SessionSweepReport()
        try store.forEach { _, _ in true }
        // The first byte of the lock file is the right to sweep.
        let locks = try Files.open("\(folder.store)/.locks", [.readWrite])
        #expect(try Files.tryLock(locks.number, at: 0))
        report = try other.sweep(now: SessionStoreSample.now, forMilliseconds: 10)
        #expect(report.isBusyElsewhere && report.examined == 0)
        try Files.unlock(locks.number, at: 0)
        report = try other.sweep(now: SessionStoreSample.now, forMilliseconds: 1_000)
        #expect(!report.isBusyElsewhere && report.examined == 1)
    }

    @Test func `a sweep and a renewal at once, and never takes what was renewed`() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(durability: .none)
        let now = UnixTime(milliseconds: Clocks.wallMilliseconds())
        let done = Flag()
        let sweeper = try BlockingThread(name: "sweeper") {
            while !done.isSet { _ = try? store.sweep(now: now, forMilliseconds: 1_000) }
        }
        defer {
            done.set()
            sweeper.join()
        }
        var (renewed, late) = (0, 0)
        for _ in 0..<400 {
            let key = SessionStoreSample.key(for: store)
            let expiring = SessionStoreSample.record(life: 1, lastUsed: now.advanced(byMilliseconds: -1))
            _ = try store.create(key, expiring)
            if try store.touch(key, expires: now.advanced(byMilliseconds: 60_000), lastUsed: now) {
                renewed += 1
                for _ in 0..<3 { #expect(try store.load(key) != nil, "what touch acknowledged stays") }
            } else {
                late += 1
                #expect(try store.load(key) == nil)
            }
            try store.destroy(key)
        }
        #expect(renewed + late == 400)
    }
}
