internal import CSodium
internal import Kernel
internal import Synchronization

/// A new file under a name of its own, which is removed when this leaves scope, whatever then stands under it.
///
/// That is the file itself when it did not get to its place, and the old record when the two were exchanged. After a kill the sweep
/// removes it.
struct TemporaryFile: ~Copyable {
    let folder: StoreFolder
    let name: String
    private let descriptor: Descriptor
    private var isMoved = false

    var number: Int32 { descriptor.number }

    /// Makes an empty file with mode 0600.
    init(in folder: StoreFolder) throws(Errno) {
        self.folder = folder
        while true {
            let serial = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
            let name = "\(Self.prefix)\(String(serial, radix: 16)).tmp"
            do {
                descriptor = try Files.open(
                    name,
                    in: folder.number,
                    [.write, .create, .exclusive, .noFollow]
                )
                self.name = name
                return
            } catch .fileExists {
                continue
            } catch {
                throw error
            }
        }
    }

    /// Says that the name is no longer ours: it was renamed away.
    mutating func noteMoved() { isMoved = true }

    deinit {
        if !isMoved { try? Files.unlink(name, in: folder.number) }
    }

    /// Whether a name is one of a temporary file of this or another process.
    static func isTemporary(_ name: String) -> Bool {
        name.utf8.first == UInt8(ascii: ".") && name.hasSuffix(".tmp")
    }

    /// The process that made a temporary file; nil for a name that is none of ours.
    static func writer(of name: String) -> Int32? {
        guard isTemporary(name) else { return nil }
        return Int32(name.dropFirst().prefix { $0 != "." })
    }

    // The process, for the sweep, and a number of its own, because process ids repeat in containers that share a volume. Read once: a
    // process that forks without an exec has no business in a store.
    private static let prefix: String = {
        _ = sodium_init()
        let own = UInt64(randombytes_random()) << 32 | UInt64(randombytes_random())
        return ".\(Processes.id).\(String(own, radix: 16))."
    }()
    private static let serial = Atomic<UInt64>(0)
}
