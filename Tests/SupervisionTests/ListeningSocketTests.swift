import Foundation
import Kernel
import Supervision
import Testing

@Suite struct `A listening socket` {
    private func folder() throws -> String {
        let path = "/tmp/latchkey-socket-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    @Test func `has the wished permissions and takes connections`() throws {
        let path = try folder() + "/s"
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        let socket = try ListeningSocket(path: path, mode: 0o660)
        #expect(try Files.status(path).permissions == 0o660)
        #expect(Sockets.isListening(socket.number))
        _ = try Sockets.connect(unix: path)
        socket.removeName()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `is refused to a second one, also when its name was removed`() throws {
        let path = try folder() + "/s"
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        let socket = try ListeningSocket(path: path, mode: 0o600)
        #expect(throws: ListeningSocketError.self) { _ = try ListeningSocket(path: path, mode: 0o600) }
        try Files.unlink(path)
        #expect(throws: ListeningSocketError.self) { _ = try ListeningSocket(path: path, mode: 0o600) }
        socket.removeName()
    }

    @Test func `is refused where somebody without a lock serves the name`() throws {
        let path = try folder() + "/s"
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        let stranger = try Sockets.listen(unix: path)
        do {
            _ = try ListeningSocket(path: path, mode: 0o600)
            Issue.record("the name of a living socket was taken")
        } catch {
            #expect(error.reason == .alreadyServed)
        }
        #expect(Sockets.isListening(stranger.number))
        #expect(try Files.isSocket(path))
    }

    @Test func `replaces what a dead process left`() throws {
        let path = try folder() + "/s"
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        do { _ = try Sockets.listen(unix: path) }
        #expect(try Files.isSocket(path))
        let socket = try ListeningSocket(path: path, mode: 0o600)
        _ = try Sockets.connect(unix: path)
        #expect(Sockets.isListening(socket.number))
    }

    @Test(arguments: ["file", "folder", "link"])
    func `leaves alone what is not a socket`(_ kind: String) throws {
        let folder = try folder()
        let path = folder + "/s"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        switch kind {
        case "file": try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        case "folder":
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        default:
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder + "/other")
        }
        do {
            _ = try ListeningSocket(path: path, mode: 0o600)
            Issue.record("a \(kind) was replaced")
        } catch {
            #expect(error.reason == .notSocket)
        }
        #expect(try Files.isSocket(path) == false)
    }

    @Test func `says how long a path may be`() throws {
        let path = "/tmp/" + String(repeating: "x", count: 103)
        do {
            _ = try ListeningSocket(path: path, mode: 0o600)
            Issue.record("108 bytes were taken")
        } catch {
            #expect(error.description.contains("has 108 bytes"))
        }
    }

    @Test func `does not remove the name of a successor`() throws {
        let path = try folder() + "/s"
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        let socket = try ListeningSocket(path: path, mode: 0o600)
        try Files.unlink(path)
        let other = try Sockets.listen(unix: path)
        socket.removeName()
        #expect(try Files.isSocket(path))
        #expect(other.number > 0)
    }
}
