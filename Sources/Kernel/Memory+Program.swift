internal import CKernel
internal import Glibc

extension Memory {
    /// Bounds how many heaps malloc keeps for threads, `M_ARENA_MAX` (mallopt(3)); call it before threads start.
    public static func limitArenas(to count: Int32) { ck_limit_arenas(count) }

    /// Gives pages of the program's code back that only its start needed.
    ///
    /// The start of a Swift program reads many tables once, and the kernel maps sixteen pages for each one that is read. They stay in the
    /// page cache, and are mapped again without I/O when they are read again; what is given back is their place in this process's
    /// resident set (madvise(2), `MADV_DONTNEED`). Only mappings of files that are never written to are touched, so nothing can be
    /// lost. A failure changes nothing and is not told.
    public static func giveBackStartPages() {
        guard let file = try? Files.open("/proc/self/maps", .read),
            let maps = try? Files.readAll(file.number, limit: 1 << 20)
        else { return }
        for line in maps.split(separator: UInt8(ascii: "\n")) {
            // "55d0c0a00000-55d0c1200000 r-xp 00000000 fe:00 1234  /path"
            let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[5].first == UInt8(ascii: "/"),
                isNeverWritten(fields[1], at: fields[2])
            else {
                continue
            }
            let bounds = fields[0].split(separator: UInt8(ascii: "-"))
            guard bounds.count == 2, let start = UInt(String(decoding: bounds[0], as: UTF8.self), radix: 16),
                let end = UInt(String(decoding: bounds[1], as: UTF8.self), radix: 16), end > start
            else { continue }
            // Safe because the range is a mapping of ours whose pages equal those of its file: each is read from there again.
            unsafe _ = madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
        }
    }

    /// Code, and what stands at the head of a library: its symbols, which only the loader reads.
    ///
    /// Other read-only mappings may hold
    /// addresses that the loader wrote before it took the right to write away.
    private static func isNeverWritten(_ permissions: ArraySlice<UInt8>, at offset: ArraySlice<UInt8>) -> Bool
    {
        permissions.elementsEqual("r-xp".utf8)
            || permissions.elementsEqual("r--p".utf8) && offset.allSatisfy { $0 == UInt8(ascii: "0") }
    }
}
