/// Where the record of a key lies: the folder's index and the name in it.
struct RecordPlace {
    let folder: Int
    let name: String
    private let key: SessionStoreKey
    private let isNative: Bool

    /// `<62 hex>.json` in the folder of the first two digits.
    init(native key: SessionStoreKey) {
        self.key = key
        isNative = true
        folder = Int(key.words[0] >> 56)
        // Safe because exactly 67 bytes are written into the 67 that were asked for.
        name = unsafe String(unsafeUninitializedCapacity: 67) { place in
            for index in 2..<64 {
                let digit =
                    UInt8(truncatingIfNeeded: key.words[index / 16] >> UInt64(60 - index % 16 * 4)) & 15
                unsafe place[index - 2] =
                    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            for (index, byte) in ".json".utf8.enumerated() { unsafe place[62 + index] = byte }
            return 67
        }
    }

    /// `<id>.json`; nil for what cannot be an id of a file.
    init?(express key: SessionStoreKey) {
        guard let id = key.id, SessionID.isPlain(id.utf8) else { return nil }
        self.key = key
        isNative = false
        folder = 0
        name = id + ".json"
    }

    /// The record's name in the users' index and in the quarantine.
    var entry: String { isNative ? key.hex : key.id ?? "" }
}

extension FileSessionStore.Options.Layout {
    static let suffix = ".json"

    /// The place of a key's record; nil for an id that is no file name of ours, and so never has one.
    func place(of key: SessionStoreKey) -> RecordPlace? {
        switch self {
        case .native: RecordPlace(native: key)
        case .express: RecordPlace(express: key)
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
