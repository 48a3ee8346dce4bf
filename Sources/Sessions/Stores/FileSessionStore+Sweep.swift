internal import Kernel
internal import Synchronization
public import Web

extension FileSessionStore {
    /// How old a file of a writer must be to count as left over; a write takes milliseconds.
    private static let leftoverMilliseconds: Int64 = 60_000
    private static let leftoverOfTheLivingMilliseconds: Int64 = 86_400_000

    /// Removes what has expired, what dead writers left, and entries of the users' index without a record.
    ///
    /// Native records are judged by their times alone. One that is in use (locked) is left for the next round; one that looks expired is
    /// looked at again under its locks, so a touch or update that was acknowledged is never swept away. The store has no clock: a caller
    /// whose clock has leapt ahead removes everything that would be expired then, so it must not pass a time it has no reason to believe.
    public func sweep(
        now: UnixTime,
        forMilliseconds budget: Int64
    ) throws(SessionStoreError) -> SessionSweepReport {
        var report = SessionSweepReport()
        guard let leader = try locks.trySweep() else {
            report.isBusyElsewhere = true
            return report
        }
        defer { extendLifetime(leader) }
        let end = LockDeadline.milliseconds(budget)
        var round = sweepRound.withLock { $0.take() } ?? SweepRound()
        while let stage = round.stage(recordFolders: folders.recordFolderCount) {
            if round.isAtBeginning {
                guard let folder = try folder(of: stage) else {
                    round.endStage()
                    continue
                }
                try throwing("sweep \(folders.path)") { () throws(Errno) in try round.begin(folder) }
            }
            let name = try throwing("sweep \(folders.path)") { () throws(Errno) in try round.nextName() }
            if let name, let folder = round.folder {
                try sweep(name, in: folder, stage, now, &report)
            } else {
                round.endStage()
            }
            if LockDeadline.milliseconds(0) >= end {
                report.hasMore = round.stage(recordFolders: folders.recordFolderCount) != nil
                break
            }
        }
        if report.hasMore {
            var rest = Optional(round)
            sweepRound.withLock { swap(&$0, &rest) }
        }
        return report
    }

    private func folder(of stage: SweepRound.Stage) throws(SessionStoreError) -> StoreFolder? {
        switch stage {
        case .records(let index): try folders.records(index, makes: false)
        case .leftovers:
            options.layout == .native ? try folders.own() : try folders.temporary(for: try folders.own())
        case .owners: try folders.own("owners")
        case .users: try folders.own("users")
        }
    }

    private func sweep(
        _ name: String,
        in folder: StoreFolder,
        _ stage: SweepRound.Stage,
        _ now: UnixTime,
        _ report: inout SessionSweepReport
    ) throws(SessionStoreError) {
        switch stage {
        case .records(let index):
            if let key = options.layout.key(folder: index, name: name) {
                report.examined += 1
                if try sweepRecord(key, now) { report.removed += 1 }
                return
            }
            guard TemporaryFile.isTemporary(name) || options.layout.isForeignLeftover(name) else { return }
            if sweepLeftover(name, in: folder, now) { report.leftovers += 1 }
        case .leftovers:
            if TemporaryFile.isTemporary(name), sweepLeftover(name, in: folder, now) { report.leftovers += 1 }
        case .owners:
            if TemporaryFile.isTemporary(name) {
                if sweepLeftover(name, in: folder, now) { report.leftovers += 1 }
            } else {
                try dropIfAbsent(name)
            }
        case .users:
            try index.forEachEntry(ofDigest: name) { (entry, isOwned) throws(SessionStoreError) in
                if !isOwned { try dropIfUnowned(entry, ofDigest: name) }
            }
            index.removeListIfEmpty(name)
        }
    }

    private func sweepRecord(_ key: SessionStoreKey, _ now: UnixTime) throws(SessionStoreError) -> Bool {
        guard let place = options.layout.place(of: key),
            let folder = try folders.records(place.folder, makes: false),
            try isExpired(place, in: folder, now)
        else { return false }
        // Looked at again with both locks: nobody renews it between this look and the removal.
        let locks = try locks.tryAll(key)
        defer { extendLifetime(locks) }
        guard locks != nil, try isExpired(place, in: folder, now) else { return false }
        return try remove(place, in: folder)
    }

    private func isExpired(
        _ place: RecordPlace,
        in folder: StoreFolder,
        _ now: UnixTime
    ) throws(SessionStoreError) -> Bool {
        if options.layout == .express {
            guard let found = try find(place), let record = try decode(found, place) else { return false }
            return record.expires <= now
        }
        do throws(Errno) {
            let status = try Files.status(place.name, in: folder.number)
            // Anything else is for `load` to put aside.
            return status.kind == .regular && status.modification.unixTime <= now
        } catch .noSuchFile {
            return false
        } catch {
            throw SessionStoreError("sweep \(folders.path)", error)
        }
    }

    // Its times say when a record expires, so the time of its last change counts, which nobody can set. A writer that lives is given a
    // day, because the time that we are told may be wrong, and because another process may have its number.
    private func sweepLeftover(_ name: String, in folder: StoreFolder, _ now: UnixTime) -> Bool {
        guard let status = try? Files.status(name, in: folder.number) else { return false }
        let isAlive = TemporaryFile.writer(of: name).map { Processes.exists($0) } ?? false
        let age = isAlive ? Self.leftoverOfTheLivingMilliseconds : Self.leftoverMilliseconds
        guard status.change.unixTime.advanced(byMilliseconds: age) <= now else { return false }
        return (try? Files.unlink(name, in: folder.number)) != nil
    }

    /// Whether a record stands in a place.
    func exists(_ place: RecordPlace) throws(SessionStoreError) -> Bool {
        guard let folder = try folders.records(place.folder, makes: false) else { return false }
        return try throwing("look for a record in \(folders.path)") { () throws(Errno) in
            try RecordWriter(folder: folder, temporary: folder).inode(place.name) != nil
        }
    }

    /// Drops an entry of the index whose record is gone; one that is about to be made is locked, and left alone.
    func dropIfAbsent(_ entry: String) throws(SessionStoreError) {
        guard let key = options.layout.key(entry: entry), let place = options.layout.place(of: key) else {
            return
        }
        if try exists(place) { return }
        let locks = try locks.tryAll(key)
        defer { extendLifetime(locks) }
        if locks != nil, try !exists(place) { index.forget(entry) }
    }

    func dropIfUnowned(_ entry: String, ofDigest digest: String) throws(SessionStoreError) {
        guard let key = options.layout.key(entry: entry) else { return }
        let locks = try locks.tryAll(key)
        defer { extendLifetime(locks) }
        if locks != nil, try !index.isOwned(entry, digest) { index.drop(entry, ofDigest: digest) }
    }
}
