import Foundation
import Kernel
import Testing

@Suite struct `File calls` {
    private final class Folder {
        let path = NSTemporaryDirectory() + "/latchkey-kernel-\(UUID().uuidString)"
        let descriptor: Int32
        init() throws {
            try Files.makeDirectory(path)
            descriptor = try Files.open(path, [.read, .directory]).release()
        }
        deinit {
            _ = Descriptor(owning: descriptor)
            try? FileManager.default.removeItem(atPath: path)
        }
        func write(_ name: String, _ bytes: [UInt8]) throws {
            let file = try Files.open(name, in: descriptor, [.write, .create, .truncate])
            try Files.writeAll(file.number, bytes)
        }
        func read(_ name: String) throws -> [UInt8]? {
            let file = try Files.open(name, in: descriptor, [.read])
            return try Files.readAll(file.number, limit: 1_000_000)
        }
    }

    @Test func `say what the manual says when they fail`() throws {
        let folder = try Folder()
        let here = folder.descriptor
        try folder.write("file", [1])
        try Files.makeDirectory("folder", in: here)
        try folder.write("folder/x", [1])
        try Files.makeSymbolicLink(saying: "file", at: "link", in: here)
        let cases: [(Errno, () throws -> Void)] = [
            (.noSuchFile, { _ = try Files.open("none", in: here, [.read]) }),
            (.fileExists, { _ = try Files.open("file", in: here, [.write, .create, .exclusive]) }),
            (.symbolicLink, { _ = try Files.open("link", in: here, [.read, .noFollow]) }),
            (.notDirectory, { _ = try Files.open("file", in: here, [.read, .directory]) }),
            (.isDirectory, { _ = try Files.open("folder", in: here, [.write]) }),
            (.invalidArgument, { _ = try Files.open("a\u{0}b", in: here, [.read]) }),
            (.nameTooLong, { _ = try Files.status(String(repeating: "n", count: 256), in: here) }),
            (.fileExists, { try Files.makeDirectory("folder", in: here) }),
            (.notEmpty, { try Files.removeDirectory("folder", in: here) }),
            (.isDirectory, { try Files.unlink("folder", in: here) }),
            (.noSuchFile, { try Files.unlink("none", in: here) }),
            (.fileExists, { try Files.rename("file", in: here, to: "link", in: here, .refuse) }),
            (.noSuchFile, { try Files.rename("file", in: here, to: "none", in: here, .exchange) }),
            (.invalidArgument, { try Files.rename("file", in: here, to: "a\u{0}", in: here) }),
            (.fileExists, { try Files.link("file", in: here, to: "link", in: here) }),
            (.fileExists, { try Files.makeSymbolicLink(saying: "x", at: "file", in: here) }),
            (.invalidArgument, { _ = try Files.readSymbolicLink("file", in: here) }),
            (
                .noSuchFile,
                {
                    try Files.setTimes(
                        of: "none",
                        in: here,
                        access: FileStatus.Time(milliseconds: 0),
                        modification: nil
                    )
                }
            ),
            (.badDescriptor, { try Files.sync(-1) }),
            (.badDescriptor, { _ = try Files.tryLock(-1, at: 0) }),
            (
                .notDirectory,
                {
                    let file = try Files.open("file", in: here, [.read])
                    _ = try DirectoryStream(file.number)
                }
            ),
        ]
        for (index, (expected, body)) in cases.enumerated() {
            #expect(throws: expected, "case \(index)") { try body() }
        }
        #expect(try folder.read("file") == [1])
    }

    @Test func `rename in three ways`() throws {
        let folder = try Folder()
        let here = folder.descriptor
        try folder.write("a", [1])
        try folder.write("b", [2])
        try Files.rename("a", in: here, to: "b", in: here, .exchange)
        #expect(try folder.read("a") == [2] && folder.read("b") == [1])
        try Files.rename("a", in: here, to: "c", in: here, .refuse)
        #expect(try folder.read("c") == [2])
        try Files.rename("c", in: here, to: "b", in: here)
        #expect(try folder.read("b") == [2])
        #expect(throws: Errno.noSuchFile) { try Files.status("c", in: here) }
    }

    @Test func `read all that there is, up to a bound`() throws {
        let folder = try Folder()
        for size in [0, 1, 4_095, 4_096, 100_000] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
            try folder.write("file", bytes)
            for expected in [0, size, 10] {
                for limit in [size, size + 1] {
                    let file = try Files.open("file", in: folder.descriptor, [.read])
                    #expect(try Files.readAll(file.number, expecting: expected, limit: limit) == bytes)
                }
            }
            guard size > 0 else { continue }
            let file = try Files.open("file", in: folder.descriptor, [.read])
            #expect(try Files.readAll(file.number, limit: size - 1) == nil)
        }
    }

    @Test func `set one time and leave the other`() throws {
        let folder = try Folder()
        try folder.write("file", [])
        let (first, second) = (
            FileStatus.Time(milliseconds: 1_234_567), FileStatus.Time(milliseconds: 9_876_543_210_123)
        )
        try Files.setTimes(of: "file", in: folder.descriptor, access: first, modification: second)
        try Files.setTimes(of: "file", in: folder.descriptor, access: nil, modification: nil)
        var status = try Files.status("file", in: folder.descriptor)
        #expect(status.access == first && status.modification == second)
        let file = try Files.open("file", in: folder.descriptor, [.write])
        try Files.setTimes(of: file.number, access: second, modification: nil)
        status = try Files.status(of: file.number)
        #expect(status.access == second && status.modification == second)
        #expect(
            status.kind == .regular && status.links == 1 && status.size == 0 && status.permissions == 0o600
        )
        try Files.startWriteback(file.number)
    }

    @Test(arguments: [0, 1, -1, 999, -999, 1_000, -1_001, 1_800_000_000_123] as [Int64])
    func `keep milliseconds on both sides of 1970`(_ milliseconds: Int64) {
        let time = FileStatus.Time(milliseconds: milliseconds)
        #expect(time.milliseconds == milliseconds && time.nanoseconds < 1_000_000_000)
    }

    @Test func `lock bytes for one opening, not for one process`() throws {
        let folder = try Folder()
        try folder.write("locks", [])
        let first = try Files.open("locks", in: folder.descriptor, [.readWrite])
        let second = try Files.open("locks", in: folder.descriptor, [.readWrite])
        let last = Int64.max - 1
        #expect(try Files.tryLock(first.number, at: 5))
        #expect(try Files.tryLock(first.number, at: 5), "again by the same is fine")
        #expect(try !Files.tryLock(second.number, at: 5))
        #expect(try Files.tryLock(second.number, at: 6))
        #expect(
            try Files.tryLock(first.number, at: last, length: 1) && !Files.tryLock(second.number, at: last)
        )
        #expect(try !Files.tryLock(first.number, at: 4, length: 3), "a range with another's byte in it")
        try Files.unlock(first.number, at: 5)
        #expect(try Files.tryLock(second.number, at: 5))
        let copy = try first.duplicate()
        #expect(
            try !Files.tryLock(copy.number, at: 6) && Files.tryLock(copy.number, at: last),
            "a duplicate is the same"
        )
    }

    @Test func `walk through a folder and rest`() throws {
        let folder = try Folder()
        let names = Set((0..<300).map { "name-\($0)" })
        for name in names { try folder.write(name, []) }
        var seen: Set<String> = []
        var stream = try DirectoryStream(folder.descriptor)
        for _ in 0..<100 { if let name = try stream.next() { seen.insert(name) } }
        #expect(seen.count == 100)
        while let name = try stream.next() { seen.insert(name) }
        #expect(seen == names)
        #expect(try stream.next() == nil)
        var count = 0
        try Files.forEachName(in: folder.descriptor) { _ in
            count += 1
            return count < 7
        }
        #expect(count == 7)
    }
}
