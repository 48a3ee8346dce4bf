internal import Kernel
internal import Synchronization

/// The folders of a file store, each opened once; everything is done relative to them.
///
///     native                      express
///     DIR/ab/<62 hex>.json        DIR/<id>.json
///     DIR/ab/.*.tmp               DIR/.latchkey/tmp/
///     DIR/.format                 DIR/.latchkey/format
///     DIR/.locks                  DIR/.latchkey/locks
///     DIR/.users, DIR/.owners     DIR/.latchkey/users, DIR/.latchkey/owners
///     DIR/.quarantine             DIR/.latchkey/quarantine
final class StoreFolders: Sendable {
    private struct Opened {
        var root: StoreFolder?
        var own: StoreFolder?
        var named: [String: StoreFolder] = [:]
        var fans: [StoreFolder?]
    }

    let path: String
    let layout: FileSessionStore.Options.Layout
    /// Who we are, and whose everything here must be.
    let user = Processes.user
    private let syncs: Bool
    // Protects the table; opening happens outside, and whoever comes second uses what the first put in.
    private let opened: Mutex<Opened>

    init(path: String, options: FileSessionStore.Options) throws(SessionStoreError) {
        self.path = path
        layout = options.layout
        syncs = options.durability != .none
        let fanCount = options.layout == .native ? 256 : 0
        opened = Mutex(Opened(fans: Array(repeating: nil, count: fanCount)))
        try makeRoot()
        try checkFormat()
    }

    /// How many folders hold records.
    var recordFolderCount: Int { layout == .native ? 256 : 1 }

    /// The name of a file or folder of the store's own in `own()`.
    func ownName(_ name: String) -> String { layout == .native ? ".\(name)" : name }

    /// The folder that holds records of an index.
    ///
    /// - Returns: nil when it is not there and `makes` is false.
    func records(_ index: Int, makes: Bool) throws(SessionStoreError) -> StoreFolder? {
        guard layout == .native else { return try root() }
        if let known = opened.withLock({ $0.fans[index] }) {
            if makes { try anchor(known, in: try root()) }
            return known
        }
        let root = try root()
        let digits = Array("0123456789abcdef".utf8)
        let name = String(decoding: [digits[index >> 4 & 15], digits[index & 15]], as: UTF8.self)
        var folder = try open(name, in: root)
        if folder == nil, try reopenIfRemoved() { return try records(index, makes: makes) }
        if folder == nil, makes { folder = try make(name, in: root) }
        guard let folder else { return nil }
        if makes { try anchor(folder, in: root) }
        return opened.withLock { opened in
            if let first = opened.fans[index] { return first }
            opened.fans[index] = folder
            return folder
        }
    }

    private func anchor(_ folder: StoreFolder, in parent: StoreFolder) throws(SessionStoreError) {
        guard syncs else { return }
        try throwing("sync the store \(path)") { () throws(Errno) in try folder.anchor(in: parent) }
    }

    /// Forgets a record folder that turned out to be removed, so that it is opened anew.
    ///
    /// - Returns: whether it was removed, and trying again makes sense.
    func forgetIfRemoved(_ index: Int, _ folder: StoreFolder) throws(SessionStoreError) -> Bool {
        guard folder.isRemoved else { return false }
        if layout == .express { return try reopenIfRemoved() }
        opened.withLock { opened in
            if opened.fans[index] === folder { opened.fans[index] = nil }
        }
        return true
    }

    /// Where the store's own files lie.
    func own() throws(SessionStoreError) -> StoreFolder {
        guard layout == .express else { return try root() }
        if let known = opened.withLock({ $0.own }) { return known }
        let folder = try openOrMake(".latchkey", in: try root())
        opened.withLock { $0.own = folder }
        return folder
    }

    /// A folder of the store's own in `own()`, made when missing.
    func own(_ name: String) throws(SessionStoreError) -> StoreFolder {
        if let known = opened.withLock({ $0.named[name] }), !known.isRemoved { return known }
        let folder = try openOrMake(ownName(name), in: try own())
        opened.withLock { $0.named[name] = folder }
        return folder
    }

    /// Where a new file for a record folder is written: on the same file system, and never under a name that Express lists.
    func temporary(for records: StoreFolder) throws(SessionStoreError) -> StoreFolder {
        layout == .native ? records : try own("tmp")
    }

    private func openOrMake(_ name: String, in parent: StoreFolder) throws(SessionStoreError) -> StoreFolder {
        let folder: StoreFolder
        if let standing = try open(name, in: parent) {
            folder = standing
        } else {
            folder = try make(name, in: parent)
        }
        try anchor(folder, in: parent)
        return folder
    }

    func root() throws(SessionStoreError) -> StoreFolder {
        if let known = opened.withLock({ $0.root }) { return known }
        // Only after the folder was removed under us, or by `init`.
        guard let root = try openRoot() else {
            throw SessionStoreError(.unavailable, "open the store \(path)", .noSuchFile)
        }
        opened.withLock { $0.root = root }
        return root
    }

    /// Opens everything anew when the store's folder, or our folder in it, was removed under us (`rm -r`).
    ///
    /// The checks are those of the start. The folder itself is never made again: that it is missing may be a mount that is not there.
    ///
    /// - Returns: whether it was removed, and trying again makes sense.
    func reopenIfRemoved() throws(SessionStoreError) -> Bool {
        let (root, own) = opened.withLock { ($0.root, $0.own) }
        guard root?.isRemoved ?? true || own?.isRemoved ?? false else { return false }
        opened.withLock { opened in
            opened = Opened(fans: Array(repeating: nil, count: opened.fans.count))
        }
        try checkFormat()
        return true
    }

    private func makeRoot() throws(SessionStoreError) {
        if let root = try openRoot() {
            opened.withLock { $0.root = root }
            return
        }
        do {
            try Files.makeDirectory(path, mode: 0o700)
        } catch .fileExists {
            // Another process was first.
        } catch {
            throw SessionStoreError("make the store \(path)", error)
        }
        _ = try root()
        guard syncs else { return }
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map {
            $0 == path.startIndex ? "/" : String(path[..<$0])
        }
        try throwing("sync the folder above \(path)") { () throws(Errno) in
            let above = try Files.open(parent ?? ".", [.read, .directory])
            try Files.sync(above.number)
        }
    }

    private func openRoot() throws(SessionStoreError) -> StoreFolder? {
        let descriptor: Descriptor
        do {
            descriptor = try Files.open(path, [.read, .directory, .noFollow])
        } catch .noSuchFile {
            return nil
        } catch .notDirectory {
            throw SessionStoreError(.misconfigured, "\(path) is no folder, or a symbolic link", .notDirectory)
        } catch .symbolicLink {
            throw SessionStoreError(.misconfigured, "\(path) is a symbolic link", .symbolicLink)
        } catch {
            throw SessionStoreError("open the store \(path)", error)
        }
        let root = StoreFolder(descriptor)
        // Express makes its folder with the umask's permissions; that others can list it is its choice.
        try check(root, forbidden: layout == .native ? 0o077 : 0o022, path)
        return root
    }

    private func open(_ name: String, in parent: StoreFolder) throws(SessionStoreError) -> StoreFolder? {
        let descriptor: Descriptor
        do {
            descriptor = try Files.open(name, in: parent.number, [.read, .directory, .noFollow])
        } catch .noSuchFile {
            return nil
        } catch .notDirectory {
            throw SessionStoreError(.misconfigured, "\(path)/\(name) is no folder", .notDirectory)
        } catch .symbolicLink {
            throw SessionStoreError(.misconfigured, "\(path)/\(name) is a symbolic link", .symbolicLink)
        } catch {
            throw SessionStoreError("open a folder of \(path)", error)
        }
        let folder = StoreFolder(descriptor)
        try check(folder, forbidden: 0o077, "\(path)/\(name)")
        return folder
    }

    private func make(_ name: String, in parent: StoreFolder) throws(SessionStoreError) -> StoreFolder {
        do {
            try Files.makeDirectory(name, in: parent.number, mode: 0o700)
        } catch .fileExists {
            // Another process was first.
        } catch {
            throw SessionStoreError("make a folder in \(path)", error)
        }
        guard let folder = try open(name, in: parent) else {
            throw SessionStoreError(.unavailable, "open a folder of \(path)", .noSuchFile)
        }
        return folder
    }

    private func check(_ folder: StoreFolder, forbidden: UInt32, _ name: String) throws(SessionStoreError) {
        let status = try throwing("look at \(name)") { () throws(Errno) in try Files.status(of: folder.number)
        }
        guard status.user == user else {
            throw SessionStoreError(.misconfigured, "\(name) belongs to user \(status.user), not to us")
        }
        guard status.permissions & forbidden == 0 else {
            let mode = String(status.permissions, radix: 8)
            throw SessionStoreError(.misconfigured, "\(name) is open to others (mode \(mode))")
        }
        // A umask that takes the owner's own rights.
        guard status.permissions & 0o700 == 0o700 else {
            let mode = String(status.permissions, radix: 8)
            throw SessionStoreError(
                .misconfigured,
                "\(name) is closed to its owner (mode \(mode); the umask?)"
            )
        }
    }

    // What stands in the format file; the next format gets another word.
    private var format: [UInt8] { Array("latchkey sessions 1 \(layout.rawValue)\n".utf8) }

    /// Refuses a folder that holds another layout or another version, and marks a new one.
    private func checkFormat() throws(SessionStoreError) {
        let other = layout == .native ? ".latchkey" : ".format"
        if (try? Files.status(other, in: try root().number)) != nil {
            throw SessionStoreError(.misconfigured, "\(path) is a store of another layout (it has \(other))")
        }
        let own = try own()
        let name = ownName("format")
        for _ in 0..<2 {
            var bytes: [UInt8]?
            do {
                let file = try Files.open(name, in: own.number, [.read, .noFollow, .nonBlocking])
                bytes = try Files.readAll(file.number, limit: 256) ?? []
            } catch .noSuchFile {
                bytes = nil
            } catch {
                throw SessionStoreError("read \(path)/\(name)", error)
            }
            if let bytes {
                if bytes == format { return }
                let text = String(decoding: bytes.prefix { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
                throw SessionStoreError(
                    .misconfigured,
                    "\(path) is of format '\(text)', which this version does not read"
                )
            }
            try mark(name, in: own)
        }
        throw SessionStoreError(.unavailable, "mark the store \(path)")
    }

    private func mark(_ name: String, in own: StoreFolder) throws(SessionStoreError) {
        do {
            let file = try TemporaryFile(in: own)
            try Files.writeAll(file.number, format)
            if syncs { try Files.sync(file.number) }
            // Linked whole, so that nobody reads half of it.
            try Files.link(file.name, in: own.number, to: name, in: own.number)
        } catch .fileExists {
            // Another process was first; what it wrote is read now.
        } catch {
            throw SessionStoreError("mark the store \(path)", error)
        }
    }
}

/// Runs a system call, and gives its failure a context.
func throwing<Result: ~Copyable>(
    _ context: @autoclosure () -> String,
    _ body: () throws(Errno) -> Result
) throws(SessionStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw SessionStoreError(context(), error)
    }
}
