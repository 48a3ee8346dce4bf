import AccountsClient
import Foundation
import Kernel
import Synchronization
import Testing

@testable import Accounts

@Suite(.serialized) struct `a login over the socket` {
    /// A connection that sends these bytes.
    private func raw(_ path: String, _ bytes: [UInt8]) throws -> RawConnection {
        let connection = RawConnection(try Sockets.connect(unix: path))
        try Sockets.setTimeouts(connection.number, receiveMilliseconds: 5000, sendMilliseconds: 5000)
        try Sockets.sendAll(connection.number, bytes)
        return connection
    }

    private func frame(_ name: String, _ password: String) throws -> [UInt8] {
        try AccountsWireFormat.frame(
            .verify(
                LoginAttempt(
                    name: Array(name.utf8),
                    password: Array(password.utf8),
                    address: [],
                    knownDevice: false
                )
            )
        )
    }

    private func isAccepted(_ verification: Verification) -> Bool {
        if case .accepted = verification { true } else { false }
    }

    @Test func `is accepted with the canonical name, rejected, and held`() throws {
        let house = try AccountsHouse()
        try house.add("johnDoe", "password123")
        try house.serving { client throws in
            let right = Array("password123".utf8)
            #expect(
                try client.verify(name: "johnDoe", password: right, address: "192.0.2.1")
                    == .accepted(
                        VerifiedAccount(name: AccountName(canonical: "johnDoe"), epoch: house.clock.now)
                    )
            )
            for _ in 0..<5 {
                #expect(try client.verify(name: "johnDoe", password: [1], address: "192.0.2.1") == .rejected)
            }
            #expect(
                try client.verify(name: "johnDoe", password: right, address: "192.0.2.1")
                    == .held(retryAfterSeconds: 1)
            )
            #expect(
                isAccepted(
                    try client.verify(
                        name: "johnDoe",
                        password: right,
                        address: "192.0.2.1",
                        knownDevice: true
                    )
                )
            )
            #expect(try client.verify(name: [0xFF], password: right, address: "unix:") == .rejected)
            #expect(
                try client.verify(name: "johnDoe", password: [UInt8](repeating: 1, count: 1025), address: "")
                    == .rejected
            )
        }
    }

    @Test func `without an accounts process is a quick and clear error`() throws {
        let house = try AccountsHouse()
        let client = AccountsClient(socketPath: house.socket)
        let start = Clocks.monotonicMilliseconds()
        let missing = try #require(throws: AccountsError.self) {
            try client.verify(name: "bob", password: [1], address: "")
        }
        #expect(missing.reason == .notRunning(.noSuchFile))
        // The socket of a process that was killed.
        do { _ = RawConnection(try AccountsServer.listen(at: house.socket)) }
        let stale = try #require(throws: AccountsError.self) {
            try client.verify(name: "bob", password: [1], address: "")
        }
        #expect(stale.reason == .notRunning(.connectionRefused))
        #expect(stale.description.contains(house.socket) && stale.description.contains("accounts process"))
        #expect(Clocks.monotonicMilliseconds() - start < 500)
    }

    @Test func `after a restart over a stale socket works; beside a live one is refused`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        do { _ = RawConnection(try AccountsServer.listen(at: house.socket)) }
        try house.serving { client throws in
            #expect(throws: Errno.addressInUse) { _ = try AccountsServer.listen(at: house.socket) }
            #expect(
                isAccepted(
                    try client.verify(name: "bob", password: Array("right password".utf8), address: "")
                )
            )
            #expect(try Files.status(house.socket).permissions == 0o600)
        }
    }

    @Test func `that gets no answer ends within the client's time`() throws {
        let house = try AccountsHouse()
        let listener = RawConnection(try AccountsServer.listen(at: house.socket))
        let client = AccountsClient(socketPath: house.socket, timeoutMilliseconds: 200)
        let start = Clocks.monotonicMilliseconds()
        let error = try #require(throws: AccountsError.self) {
            try client.verify(name: "bob", password: [1], address: "")
        }
        #expect(error.reason == .noAnswer(milliseconds: 200))
        #expect((190..<2000).contains(Clocks.monotonicMilliseconds() - start))
        withExtendedLifetime(listener) {}
    }

    // The kind after the version is "R" here, which is none.
    static let rubbish: [(answer: String, reason: AccountsError.Reason)] = [
        ("", .closed), ("LK", .closed), ("HTTP/1.1 200", .unreadableAnswer),
        ("LKA\u{2}R\0\0\0", .unreadableAnswer), ("LKA\u{1}R\0\0\0", .unreadableAnswer),
        ("LKA\u{1}R\0\u{7F}\u{7F}", .unreadableAnswer), ("LKA\u{1}\u{1}\0\0\0", .unreadableAnswer),
    ]

    @Test(arguments: rubbish)
    func `that is answered with rubbish is an error, never "accepted"`(
        answer: String,
        reason: AccountsError.Reason
    ) throws {
        let house = try AccountsHouse()
        let listener = RawConnection(try AccountsServer.listen(at: house.socket))
        let number = listener.number
        try Sockets.setNonBlocking(number, false)
        let thread = try BlockingThread(name: "rubbish") {
            guard let peer = try? Sockets.accept(number, nonBlocking: false) else { return }
            var buffer = [UInt8](repeating: 0, count: 4096)
            _ = try? Sockets.receive(peer.number, into: &buffer, from: 0)
            try? Sockets.sendAll(peer.number, Array(answer.utf8))
        }
        let error = try #require(throws: AccountsError.self) {
            try AccountsClient(socketPath: house.socket).verify(name: "bob", password: [1], address: "")
        }
        thread.join()
        #expect(error.reason == reason)
        withExtendedLifetime(listener) {}
    }

    @Test func `is not disturbed by peers that stall, hang up or send rubbish`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        var seed = Seed(for: "server")
        try house.serving { client throws in
            let good = try frame("bob", "right password")
            var stalled: [RawConnection] = []
            for count in 0..<good.count {
                stalled.append(try raw(house.socket, Array(good[..<count])))
            }
            for _ in 0..<500 {
                var bytes = good
                bytes[Int.random(in: 0..<bytes.count, using: &seed)] = UInt8.random(in: 0...255, using: &seed)
                if Bool.random(using: &seed) { bytes = seed.bytes(Int.random(in: 0...100, using: &seed)) }
                _ = try? raw(house.socket, bytes)
            }
            let start = Clocks.monotonicMilliseconds()
            // Mutated names and passwords may have been counted; the account's own name at most a few times.
            let answer = try client.verify(
                name: "bob",
                password: Array("right password".utf8),
                address: "",
                knownDevice: true
            )
            #expect(isAccepted(answer))
            #expect(Clocks.monotonicMilliseconds() - start < 1000)
        }
    }

    @Test func `is closed when the question is not whole in time, or cannot become one`() throws {
        let house = try AccountsHouse()
        try house.serving(nil, { $0.readMilliseconds = 200 }) { _ throws in
            let slow = try raw(house.socket, [0x4C])
            #expect(slow.rest() == [])
            let start = Clocks.monotonicMilliseconds()
            let wrong = try raw(house.socket, Array("GET / HTTP/1.1\r\n".utf8))
            #expect(wrong.rest() == [])
            #expect(Clocks.monotonicMilliseconds() - start < 150)
        }
        #expect(house.log.lines.contains { $0.hasPrefix("warning question not whole in time bytes=1") })
        #expect(house.log.lines.contains { $0.hasPrefix("warning question refused why=magic") })
    }

    static let fiveRejected: [String: Int] = [
        String(describing: Verification?.some(.rejected)): 5,
        String(describing: Verification?.some(.held(retryAfterSeconds: 1))): 195,
    ]

    @Test func `of 200 at once with wrong passwords is verified five times`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        try house.serving(nil, { $0.waiting = 200 }) { client throws in
            let counts = Monitor<[String: Int]>([:])
            _ = try `the throttle`.atOnce(200) {
                let answer = try? client.verify(name: "bob", password: [120], address: "192.0.2.1")
                let word = String(describing: answer)
                counts.change { counts in counts[word, default: 0] += 1 }
                return true
            }
            let all = counts.withLock { $0 }
            #expect(all == Self.fiveRejected)
        }
        #expect(house.engine.computed == 5)
    }

    @Test func `of a flood is answered in order or told "busy" at once, with bounded hashes at once`() throws
    {
        let house = try AccountsHouse()
        try house.add("bob", "right password", cost: .standard)
        try house.serving(house.check { $0.cost = .standard }) { client throws in
            let counts = Monitor<[String: Int]>([:])
            let start = Clocks.monotonicMilliseconds()
            let longestBusy = Monitor<Int64>(0)
            _ = try `the throttle`.atOnce(100) {
                let asked = Clocks.monotonicMilliseconds()
                let answer = try? client.verify(
                    name: "bob",
                    password: Array("right password".utf8),
                    address: "192.0.2.1"
                )
                let took = Clocks.monotonicMilliseconds() - asked
                let word: String
                switch answer {
                case .accepted: word = "accepted"
                case .busy:
                    word = "busy"
                    longestBusy.change { longest in longest = max(longest, took) }
                default: word = String(describing: answer)
                }
                counts.change { counts in counts[word, default: 0] += 1 }
                return true
            }
            let all = counts.withLock { $0 }
            #expect(all["accepted", default: 0] >= 32 && all["busy", default: 0] >= 1)
            #expect(all["accepted", default: 0] + all["busy", default: 0] == 100)
            print(
                "flood: \(all), \(Clocks.monotonicMilliseconds() - start) ms, longest busy \(longestBusy.withLock { $0 }) ms"
            )
        }
        #expect(house.engine.mostAtOnce == 2)
    }

    @Test func `beyond the client's own bound is told "busy" without asking`() throws {
        let house = try AccountsHouse()
        let listener = RawConnection(try AccountsServer.listen(at: house.socket))
        let client = AccountsClient(socketPath: house.socket, timeoutMilliseconds: 1000, atOnce: 1)
        let first = try BlockingThread(name: "first") {
            _ = try? client.verify(name: "a", password: [1], address: "")
        }
        Clocks.sleep(nanoseconds: 100_000_000)
        #expect(try client.verify(name: "b", password: [1], address: "") == .busy(retryAfterSeconds: 1))
        first.join()
        #expect(throws: AccountsError.self) { try client.verify(name: "c", password: [1], address: "") }
        withExtendedLifetime(listener) {}
    }

    @Test func `that was read before a stop is answered`() throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password", cost: .standard)
        let check = house.check { $0.cost = .standard }
        let server = try AccountsServer(check: check, logger: house.log.logger)
        let listener = RawConnection(try AccountsServer.listen(at: house.socket))
        let number = listener.number
        let thread = try BlockingThread(name: "accounts") { try? server.run(listener: number) }
        let connections = try (0..<6).map { _ in try raw(house.socket, frame("bob", "right password")) }
        // Read means: the first hash has begun; the loop took all six in its first rounds.
        let deadline = Clocks.monotonicMilliseconds() + 5000
        while house.engine.computed < 2, Clocks.monotonicMilliseconds() < deadline {
            Clocks.sleep(nanoseconds: 1_000_000)
        }
        server.stop()
        thread.join()
        for connection in connections {
            let frame = try #require(connection.rest())
            guard case .verification(.accepted) = try AccountsWireFormat.answer(frame) else {
                Issue.record("not accepted")
                return
            }
        }
        withExtendedLifetime(listener) {}
    }

    @Test(.enabled(if: geteuid() == 0, "only root can become another user"))
    func `of a user that may not ask is closed without an answer`() async throws {
        let house = try AccountsHouse()
        try house.add("bob", "right password")
        let path = house.socket
        try Files.changeMode(of: house.folder, to: 0o711)
        let server = try AccountsServer(check: house.check(), logger: house.log.logger)
        let listener = RawConnection(try AccountsServer.listen(at: path, mode: 0o666))
        let number = listener.number
        let thread = try BlockingThread(name: "accounts") { try? server.run(listener: number) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            try Processes.become("nobody")
            let client = AccountsClient(socketPath: path)
            let error = #expect(throws: AccountsError.self) {
                try client.verify(name: "bob", password: Array("right password".utf8), address: "")
            }
            #expect(error?.reason == .closed || error?.reason == .broken(.connectionReset))
        }
        server.stop()
        thread.join()
        #expect(house.log.lines == ["warning peer not allowed uid=65534"])
        withExtendedLifetime(listener) {}
    }
}
