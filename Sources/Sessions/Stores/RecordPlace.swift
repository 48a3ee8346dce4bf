/// Where the record of a key lies: the folder's index and the name in it.
struct RecordPlace {
    let folder: Int
    let name: String
    /// The record's name in the users' index and in the quarantine.
    let entry: String
}

extension FileSessionStore.Options.Layout {
    static let suffix = ".json"

    /// The place of a key's record; nil for an id that is no file name of ours, and so never has one.
    func place(of key: SessionStoreKey) -> RecordPlace? {
        switch self {
        case .native:
            let hex = key.hex
            return RecordPlace(
                folder: Int(key.words[0] >> 56),
                name: hex.dropFirst(2) + Self.suffix,
                entry: hex
            )
        case .express:
            guard let id = key.id, SessionID.isPlain(id.utf8) else { return nil }
            return RecordPlace(folder: 0, name: id + Self.suffix, entry: id)
        }
    }

    /// The key whose record has this name; nil for any other file.
    func key(folder: Int, name: String) -> SessionStoreKey? {
        guard name.hasSuffix(Self.suffix) else { return nil }
        let stem = name.dropLast(Self.suffix.utf8.count)
        switch self {
        case .native:
            let digits = Array("0123456789abcdef".utf8)
            return SessionStoreKey(hex: [digits[folder >> 4 & 15], digits[folder & 15]] + Array(stem.utf8))
        case .express: return key(entry: String(stem))
        }
    }

    /// The key of an entry of the users' index.
    func key(entry: String) -> SessionStoreKey? {
        switch self {
        case .native: SessionStoreKey(hex: Array(entry.utf8))
        case .express:
            SessionID.isPlain(entry.utf8)
                ? SessionStoreKey(id: entry, for: SessionStoreTraits(namesRecordsByID: true)) : nil
        }
    }

    /// Whether a name is what session-file-store leaves of a write that a kill cut off: `<id>.json.<digits>`.
    func isForeignLeftover(_ name: String) -> Bool {
        guard self == .express, let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        let digits = name.utf8[dot...].dropFirst()
        return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && name[..<dot].hasSuffix(Self.suffix)
    }
}
