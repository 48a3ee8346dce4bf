import FastCGIClient
import Glibc
import Kernel
import Testing
import Web

@testable import FastCGI

/// What the server rests on in libfcgi 2.4.2; a version that behaves otherwise has to be looked at before it is used.
@Suite struct `libfcgi` {
    /// Gives libfcgi one end of a socket pair whose other end sends `bytes`.
    static func begin(_ bytes: [UInt8]) throws -> (hasBegun: Bool, library: Library, near: Int32, far: Int32)
    {
        #expect(FastCGIConnection.isSetUp)
        let (near, far) = try Sockets.pair()
        try Sockets.setTimeouts(far, receiveMilliseconds: 5_000, sendMilliseconds: 5_000)
        try Sockets.setTimeouts(near, receiveMilliseconds: 5_000, sendMilliseconds: 5_000)
        try Sockets.sendAll(far, bytes)
        let library = Library()
        return (library.begin(near), library, near, far)
    }

    /// A box, because neither a tuple nor a macro takes a non-copyable value.
    final class Library {
        private let slot = FastCGIConnection()
        func begin(_ descriptor: Int32) -> Bool { slot.begin(descriptor) }
        func copy(_ pairs: [ParameterGate.Pair], to parameters: inout RequestParameters) -> Bool {
            slot.copyParameters(pairs, to: &parameters)
        }
        func readBody(_ count: Int) -> [UInt8]? { slot.readBody(count) }
        func answer(_ text: String, to socket: Int32) -> Bool {
            slot.answer(Array(text.utf8), to: socket, timeoutMilliseconds: 1_000)
        }
        func finish() { slot.finish() }
    }

    @Test func `reads from the descriptor it is lent and leaves it open`() throws {
        for keepsConnection in [true, false] {
            let request = ClientRecords.request(
                "POST",
                "/",
                body: [1, 2, 3],
                keepsConnection: keepsConnection
            )
            let (hasBegun, library, near, far) = try Self.begin(request)
            try #require(hasBegun)
            var parameters = RequestParameters()
            var gate = ParameterGate(limit: 10)
            let whole = try #require(WholeRequest(request))
            try gate.check(Array(request[whole.parameters]).span)
            #expect(library.copy(gate.pairs, to: &parameters))
            #expect(parameters.string("REQUEST_METHOD") == "POST")
            #expect(parameters.count == 3)
            #expect(library.readBody(3) == [1, 2, 3])
            #expect(library.answer("Status: 200 OK\r\n\r\n", to: near))
            library.finish()
            // Still open, and nothing of the next request has been taken from it.
            try Sockets.sendAll(far, ClientRecords.request("GET", "/again"))
            try #require(library.begin(near))
            #expect(library.readBody(0) == [])
            library.finish()
            var client = try ClientConnection(owning: far)
            #expect(try client.readAnswer().status == 200)
            _ = Descriptor(owning: near)
            #expect(try client.readToEnd() == [])
        }
    }

    @Test(arguments: [[UInt8](), [9, 9, 9, 9, 9, 9, 9, 9], Array(ClientRecords.request().prefix(40))])
    func `closes the descriptor at once when it cannot begin`(_ bytes: [UInt8]) throws {
        #expect(FastCGIConnection.isSetUp)
        let (near, far) = try Sockets.pair()
        defer { _ = Descriptor(owning: far) }
        try Sockets.setTimeouts(near, receiveMilliseconds: 50, sendMilliseconds: 50)
        try Sockets.sendAll(far, bytes)
        let library = Library()
        let start = Clocks.monotonicMilliseconds()
        #expect(!library.begin(near))
        // It neither waits for the peer to close nor for a connection on its own listener.
        #expect(Clocks.monotonicMilliseconds() - start < 1_500)
        var byte: UInt8 = 0
        let got = unsafe recv(far, &byte, 1, Int32(MSG_DONTWAIT))
        #expect(got == 0 || errno == ECONNRESET)
    }

    @Test(arguments: [0, 1]) func `does not skip the padding of BEGIN and of the empty PARAMS`(_ place: Int)
        throws
    {
        var records = ClientRecords()
        records.begin(padding: place == 0 ? 8 : 0)
        records.parameters([("REQUEST_METHOD", "GET")])
        records.append(type: 4, padding: place == 1 ? 8 : 0)
        records.append(type: 5)
        let (hasBegun, library, near, far) = try Self.begin(records.bytes)
        // Which is why such a request never gets there as it is.
        #expect(!hasBegun || library.readBody(0) == nil)
        if hasBegun {
            library.finish()
            _ = Descriptor(owning: near)
        }
        _ = Descriptor(owning: far)
    }

    @Test func `leaves the signals as they were`() throws {
        #expect(FastCGIConnection.isSetUp)
        for signal in [SIGTERM, SIGUSR1] {
            var action = sigaction()
            unsafe sigaction(signal, nil, &action)
            let isDefault = unsafe action.__sigaction_handler.sa_handler == nil
            #expect(isDefault)
        }
    }
}
