import Foundation
import Kernel
import SessionStoreTesting
import Sessions
import Testing
import Web

@Suite struct `The express layout` {
    private let folder: TemporaryFolder
    private let store: FileSessionStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.open(layout: .express)
    }

    private func write(_ id: String, _ text: String) throws -> SessionStoreKey {
        // As session-file-store does: a file beside it, renamed over.
        let path = "\(folder.store)/\(id).json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path).123456"))
        try Files.rename("\(path).123456", in: Files.workingDirectory, to: path, in: Files.workingDirectory)
        return SessionStoreSample.key(id, for: store)
    }

    private func read(_ id: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder.store)/\(id).json")),
            as: UTF8.self
        )
    }

    private func text(_ record: SessionRecord?) -> String? {
        record.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    @Test func `reads what session-file-store wrote`() throws {
        let live =
            #"{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"user":"bob","n":1,"__lastAccess":1795423177491}"#
        let record = try store.load(try write("abc_-9", live))
        #expect(
            text(record)
                == #"{"cookie":{"originalMaxAge":null,"expires":null,"httpOnly":true,"path":"/"},"user":"bob","n":1}"#
        )
        #expect(record?.lastUsed == UnixTime(milliseconds: 1_795_423_177_491))
        #expect(record?.expires == UnixTime(milliseconds: 1_795_423_177_491 + 3_600_000))
    }

    @Test(
        arguments: [
            (#""originalMaxAge":60000"#, #""__lastAccess":1000"#, 61_000),
            (#""originalMaxAge":59999.5"#, #""__lastAccess":1000"#, 60_999),
            (#""originalMaxAge":0"#, #""__lastAccess":1000"#, 3_601_000),
            (#""originalMaxAge":null"#, #""__lastAccess":1000"#, 3_601_000),
            (#""originalMaxAge":"x""#, #""__lastAccess":1000"#, 3_601_000),
            (#""httpOnly":true"#, #""__lastAccess":1000"#, 3_601_000),
            (#""originalMaxAge":-5"#, #""__lastAccess":1000"#, 995),
            (#""originalMaxAge":5"#, #""__lastAccess":1e3"#, 1_005),
            (#""originalMaxAge":1e300"#, #""__lastAccess":1000"#, Int64.max),
            (#""originalMaxAge":5"#, #""__lastAccess":1,"x":1,"__lastAccess":7"#, 12),
            (#""originalMaxAge":5"#, #""x":1"#, Int64.max),
        ] as [(String, String, Int64)]
    )
    func `expires by session-file-store's rule`(_ cookie: String, _ access: String, _ expected: Int64) throws
    {
        let record = try store.load(try write("rule", "{\"cookie\":{\(cookie)},\(access)}"))
        #expect(record?.expires.milliseconds == expected)
    }

    @Test func `writes what session-file-store reads`() throws {
        let key = SessionStoreSample.key("made", for: store)
        var record = SessionStoreSample.record(1, lastUsed: UnixTime(milliseconds: 5))
        record.payload = Array(
            #"{"cookie":{"originalMaxAge":60000},"__lastAccess":1,"a":1.0,"b":"\ud800"}"#.utf8
        )
        #expect(try store.create(key, record))
        #expect(
            try read("made") == #"{"cookie":{"originalMaxAge":60000},"a":1.0,"b":"\ud800","__lastAccess":5}"#
        )
        #expect(
            try store.touch(key, expires: UnixTime(milliseconds: 60_009), lastUsed: UnixTime(milliseconds: 9))
        )
        #expect(
            try read("made") == #"{"cookie":{"originalMaxAge":60000},"a":1.0,"b":"\ud800","__lastAccess":9}"#
        )
        #expect(try store.load(key)?.expires == UnixTime(milliseconds: 60_009))
        record.payload = Array("{}".utf8)
        #expect(try store.create(SessionStoreSample.key("empty", for: store), record))
        #expect(try read("empty") == #"{"__lastAccess":5}"#)
        for bad in ["", "[]", "1", "{", "{} x"] {
            record.payload = Array(bad.utf8)
            #expect(throws: SessionStoreError.self) {
                try store.create(SessionStoreSample.key("bad", for: store), record)
            }
        }
    }

    @Test func `hands out what is JSON and no session, and puts the rest aside`() throws {
        #expect(text(try store.load(try write("a", "[1]"))) == "[1]")
        #expect(text(try store.load(try write("b", #"{"x":1}"#))) == #"{"x":1}"#)
        #expect(text(try store.load(try write("c", #"{"cookie":7,"__lastAccess":1}"#))) == #"{"cookie":7}"#)
        #expect(store.quarantineCount == 0)
        for (index, bad) in ["", "{", "{}{}", "nul", "\u{FEFF}{}", "{\"a\":\"\u{1}\"}"].enumerated() {
            #expect(try store.load(try write("d", bad)) == nil)
            #expect(store.quarantineCount == index + 1)
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(try store.load(try write("e", deep)) == nil)
    }

    @Test func `begins a change anew when Express wrote in between, so that both apply`() throws {
        let key = try write("both", #"{"cookie":{"originalMaxAge":60000},"number":1,"__lastAccess":1000}"#)
        var runs = 0
        let outcome = try store.update(key, holding: nil, until: .milliseconds(1_000)) { record in
            runs += 1
            if runs <= 2 {
                _ = try? write(
                    "both",
                    #"{"cookie":{"originalMaxAge":60000},"number":\#(runs * 10),"__lastAccess":2000}"#
                )
            }
            SessionStoreSample.increment(&record)
            return .store
        }
        #expect(outcome == .stored && runs == 3)
        #expect(SessionStoreSample.number(of: try store.load(key)) == 21)
        #expect(try folder.listing().filter { $0.contains("tmp/") }.isEmpty)
    }

    @Test func `does not bring back what Express removed in between`() throws {
        let key = try write("gone", #"{"cookie":{"originalMaxAge":60000},"number":1,"__lastAccess":1000}"#)
        let outcome = try store.update(key, holding: nil, until: .milliseconds(1_000)) { _ in
            try? Files.unlink("\(folder.store)/gone.json")
            return .store
        }
        #expect(outcome == .gone)
        #expect(try store.load(key) == nil)
    }

    @Test func `loses no change of Express's or ours while both write at full speed`() throws {
        let key = try write(
            "race",
            #"{"cookie":{"originalMaxAge":60000},"number":0,"express":0,"__lastAccess":1000}"#
        )
        let (store, path) = (store, "\(folder.store)/race.json")
        let done = Flag()
        // Express: sets its own value over and over, keeping what it reads; it may lose our changes, as it always may, but we must not lose
        // its last one.
        let express = try BlockingThread(name: "express") {
            for round in 1...300 {
                guard let data = FileManager.default.contents(atPath: path) else { continue }
                var bytes = String(decoding: data, as: UTF8.self)
                guard let start = bytes.range(of: #""express":"#),
                    let end = bytes[start.upperBound...].firstIndex(of: ",")
                else { continue }
                bytes.replaceSubrange(start.upperBound..<end, with: "\(round)")
                try? Data(bytes.utf8).write(to: URL(fileURLWithPath: "\(path).777"))
                try? Files.rename(
                    "\(path).777",
                    in: Files.workingDirectory,
                    to: path,
                    in: Files.workingDirectory
                )
            }
            done.set()
        }
        var stored = 0
        while !done.isSet {
            let outcome = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
                // Only our member, as the middleware's merge does.
                guard let members = try? JSON.objectEntries(record.payload[...]),
                    let own = members.first(where: { $0.name == "number" })
                else { return .leaveAsItIs }
                record.payload.replaceSubrange(own.valueRange, with: Array("\(stored + 1)".utf8))
                return .store
            }
            #expect(outcome == .stored)
            stored += 1
        }
        express.join()
        let last = text(try store.load(key)) ?? ""
        #expect(last.contains(#""express":300"#), "\(last)")
    }

    @Test func `keeps its own files out of Express's sight`() throws {
        let key = SessionStoreSample.key("seen", for: store)
        _ = try store.create(key, SessionStoreSample.record(1, user: "ada"))
        try store.quarantine(try write("odd", "{"), because: "a test")
        _ = try store.update(key, holding: nil, until: .milliseconds(100)) { _ in .store }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.store).sorted() == [
                ".latchkey", "seen.json",
            ]
        )
        #expect(try Files.status("\(folder.store)/.latchkey").permissions == 0o700)
    }

    @Test func `sweeps by the same rule, and what killed writers of Express left`() throws {
        let wall = Clocks.wallMilliseconds()
        let dead = try write("dead", "{\"cookie\":{\"originalMaxAge\":10},\"__lastAccess\":\(wall - 10)}")
        let live = try write("live", "{\"cookie\":{\"originalMaxAge\":3600000},\"__lastAccess\":\(wall)}")
        let immortal = try write("immortal", "{\"cookie\":{\"originalMaxAge\":10}}")
        try Data().write(to: URL(fileURLWithPath: "\(folder.store)/live.json.99"))
        try Data().write(to: URL(fileURLWithPath: "\(folder.store)/live.json.bak"))
        let first = try store.sweep(now: UnixTime(milliseconds: wall), forMilliseconds: 5_000)
        #expect(first.removed == 1 && first.leftovers == 0 && first.examined == 3)
        let second = try store.sweep(now: UnixTime(milliseconds: wall + 61_000), forMilliseconds: 5_000)
        #expect(second.removed == 0 && second.leftovers == 1)
        #expect(try store.load(dead) == nil && store.load(live) != nil && store.load(immortal) != nil)
        _ = try Files.status("\(folder.store)/live.json.bak")
    }

    @Test func `works beside files with the permissions that Express gives`() throws {
        let key = try write("open", #"{"cookie":{"originalMaxAge":60000},"number":4,"__lastAccess":1000}"#)
        try Files.changeMode(of: folder.store, to: 0o755)
        try Files.changeMode(of: "\(folder.store)/open.json", to: 0o644)
        #expect(SessionStoreSample.number(of: try folder.open(layout: .express).load(key)) == 4)
        try Files.changeMode(of: folder.store, to: 0o777)
        #expect(throws: SessionStoreError.self) { try folder.open(layout: .express) }
    }
}
