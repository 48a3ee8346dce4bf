import FastCGI
import Kernel
import Testing

@Suite struct `A listening socket` {
    static func path(_ name: String) -> String { "/tmp/latchkey-fastcgi-\(Processes.id)-\(name).sock" }

    @Test func `at a path is for owner and group`() throws {
        let path = Self.path("mode")
        let listener = try ListeningSocket.path(path).open()
        defer {
            _ = Descriptor(owning: listener)
            try? Files.unlink(path)
        }
        #expect(Sockets.isListening(listener))
        #expect(try Files.status(path).permissions & 0o777 == 0o660)
    }

    @Test func `takes the place of a dead one and not of a living one`() throws {
        let path = Self.path("dead")
        defer { try? Files.unlink(path) }
        let first = try ListeningSocket.path(path).open()
        #expect(throws: FastCGIError.pathInUse(path)) { try ListeningSocket.path(path).open() }
        _ = Descriptor(owning: first)
        let second = try ListeningSocket.path(path).open()
        _ = Descriptor(owning: second)
    }

    @Test func `leaves a file that is no socket alone`() throws {
        let path = Self.path("file")
        _ = try Files.open(path, [.write, .create, .exclusive])
        defer { try? Files.unlink(path) }
        #expect(throws: FastCGIError.pathInUse(path)) { try ListeningSocket.path(path).open() }
        #expect(try Files.status(path).kind == .regular)
    }

    @Test func `has to be there to be passed`() {
        #expect(throws: FastCGIError.nothingPassed) { try ListeningSocket.passed.open() }
        #expect(throws: (any Error).self) { try ListeningSocket.path("/no/such/folder/x.sock").open() }
        #expect(throws: (any Error).self) {
            try ListeningSocket.path(String(repeating: "x", count: 200)).open()
        }
    }
}
