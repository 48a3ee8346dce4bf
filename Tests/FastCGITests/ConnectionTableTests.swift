import FastCGIClient
import Kernel
import Testing

@testable import FastCGI

@Suite struct `The connection table` {
    /// A box, because a macro takes no mutating call.
    final class Table {
        private var table = ConnectionTable()
        var count: Int { table.count }
        func park(_ connection: Connection) -> UInt64 { table.park(connection) }
        func claim(_ token: UInt64) -> Connection? { table.claim(token) }
        func expire(now: Int64) { table.expire(now: now) }
        func drain(deadline: Int64) { table.drain(deadline: deadline) }
        func endOldestIdle() -> Bool { table.endOldestIdle() }
    }

    /// One end of a pair whose other end is never used, in a table.
    static func connection(_ deadline: Int64 = 1_000) throws -> (near: Connection, far: Int32) {
        let (near, far) = try Sockets.pair()
        return (Connection(descriptor: near, deadline: deadline), far)
    }

    /// What the socket says without waiting: nil for nothing, 0 for the end.
    static func peek(_ socket: Int32) throws -> Int? {
        var bytes = [UInt8](repeating: 0, count: 8)
        // Safe because recv(2) writes into the array's own memory and no further.
        return try unsafe bytes.withUnsafeMutableBytes {
            unsafe try Sockets.receive(socket, into: $0, peek: true, wait: false)
        }
    }

    @Test func `gives each connection to one claimant`() throws {
        let (near, far) = try Self.connection()
        defer {
            _ = Descriptor(owning: near.descriptor)
            _ = Descriptor(owning: far)
        }
        let table = Table()
        let first = table.park(near)
        #expect(table.count == 1)
        #expect(table.claim(first)?.descriptor == near.descriptor)
        #expect(table.claim(first) == nil)
        #expect(table.count == 0)
        // The same place again: what was meant for the one before finds nothing.
        let second = table.park(near)
        #expect(second & 0xFFFF_FFFF == first & 0xFFFF_FFFF)
        #expect(table.claim(first) == nil)
        #expect(table.count == 1)
        #expect(table.claim(second) != nil)
        #expect(table.claim(.max) == nil)
        #expect(table.claim(7 << 32 | 99) == nil)
    }

    @Test func `ends what has waited too long, and closes nothing`() throws {
        let table = Table()
        var (served, far) = try Self.connection(1_000)
        served.hasServed = true
        let (silent, other) = try Self.connection(2_000)
        defer {
            for socket in [served.descriptor, far, silent.descriptor, other] {
                _ = Descriptor(owning: socket)
            }
        }
        try Sockets.sendAll(far, [1, 2, 3])
        let tokens = [table.park(served), table.park(silent)]
        table.expire(now: 999)
        #expect(try Self.peek(silent.descriptor) == nil)
        table.expire(now: 1_000)
        // What had arrived is still there, and nothing more can come.
        #expect(try Self.peek(served.descriptor) == 3)
        #expect(throws: Errno.brokenPipe) { try Sockets.sendAll(far, [4]) }
        #expect(try Self.peek(silent.descriptor) == nil)
        table.expire(now: 5_000)
        #expect(try Self.peek(silent.descriptor) == 0)
        #expect(table.claim(tokens[0])?.isExpired == true)
        #expect(table.claim(tokens[1])?.isExpired == true)
    }

    @Test func `drains what has begun nothing and bounds the rest`() throws {
        let table = Table()
        let (idle, far) = try Self.connection(9_000)
        var (begun, other) = try Self.connection(9_000)
        begun.partial = RecordGate(GateOutcome.limits)
        defer {
            for socket in [idle.descriptor, far, begun.descriptor, other] { _ = Descriptor(owning: socket) }
        }
        let tokens = [table.park(idle), table.park(begun)]
        table.drain(deadline: 500)
        #expect(try Self.peek(idle.descriptor) == 0)
        #expect(try Self.peek(begun.descriptor) == nil)
        #expect(table.claim(tokens[1])?.deadline == 500)
        #expect(table.claim(tokens[0])?.deadline == 9_000)
    }

    @Test func `lets the oldest idle one go first`() throws {
        let table = Table()
        var sockets: [Int32] = []
        defer { for socket in sockets { _ = Descriptor(owning: socket) } }
        for (deadline, hasServed) in [(50, false), (300, true), (200, true), (400, true)] as [(Int64, Bool)] {
            var (connection, far) = try Self.connection(deadline)
            connection.hasServed = hasServed
            sockets += [connection.descriptor, far]
            _ = table.park(connection)
        }
        #expect(table.endOldestIdle())
        #expect(try Self.peek(sockets[4]) == 0)
        #expect(try Self.peek(sockets[2]) == nil)
        #expect(table.endOldestIdle())
        #expect(try Self.peek(sockets[2]) == 0)
        #expect(table.endOldestIdle())
        #expect(!table.endOldestIdle())
        #expect(try Self.peek(sockets[0]) == nil)
    }

    @Test func `wakes who waits for what it ends`() throws {
        let epoll = try Epoll()
        let table = Table()
        let (near, far) = try Self.connection(0)
        defer {
            _ = Descriptor(owning: near.descriptor)
            _ = Descriptor(owning: far)
        }
        let token = table.park(near)
        try epoll.add(near.descriptor, [.readable, .peerClosed, .oneShot], token: token)
        let before = try epoll.wait(timeoutMilliseconds: 0)?.token
        #expect(before == nil)
        table.drain(deadline: 0)
        let after = try epoll.wait(timeoutMilliseconds: 1_000)?.token
        #expect(after == token)
    }
}
