import Kernel
import Synchronization
import Testing
import Web

@testable import Sessions

@Suite struct `Two requests of one session` {
    @Test func `that assign different keys both win`() throws {
        let visitor = try signedIn()
        let other = try visitor.sameBrowser()
        try visitor.visit { _, session in
            session[.theme] = "dark"
            try other.visit { _, session in
                session[.user] = "bob"
                return .text("")
            }
            return .text("")
        }
        #expect(try values(visitor) == "bob dark 0")
        #expect(visitor.middleware.counters.snapshot.merged == 1)
    }

    @Test func `that assign the same key: the last wins, and it is counted when it had been read`() throws {
        let visitor = try signedIn()
        let other = try visitor.sameBrowser()
        try visitor.visit { _, session in
            let before = session[.user] ?? ""
            try other.visit { _, session in
                session[.user] = "bob"
                return .text("")
            }
            session[.user] = before + "!"
            return .text("")
        }
        #expect(try values(visitor) == "alice! nil 0")
        #expect(visitor.middleware.counters.snapshot.conflicts == 1)
    }

    @Test func `that conflict: the second is refused if asked, and nothing of it is stored`() throws {
        var options = SessionOptions()
        options.conflict = .fail
        let visitor = try signedIn(options)
        let other = try visitor.sameBrowser()
        let answer = try visitor.visit { _, session in
            let before = session[.user] ?? ""
            try other.visit { _, session in
                session[.user] = "bob"
                return .text("")
            }
            session[.theme] = "dark"
            session[.user] = before + "!"
            return .text("")
        }
        #expect(answer.status == .conflict)
        #expect(try values(visitor) == "bob nil 0")
    }

    @Test func `that assign blindly do not conflict`() throws {
        var options = SessionOptions()
        options.conflict = .fail
        let visitor = try signedIn(options)
        let other = try visitor.sameBrowser()
        let answer = try visitor.visit { _, session in
            session[.theme] = "dark"
            try other.visit { _, session in
                session[.theme] = "light"
                return .text("")
            }
            return .text("")
        }
        #expect(answer.status == .ok)
        #expect(try values(visitor) == "alice dark 0")
    }

    @Test func `that remove and change different keys both win`() throws {
        let visitor = try signedIn()
        let other = try visitor.sameBrowser()
        try visitor.visit { _, session in
            session[.user] = nil
            try other.visit { _, session in
                session[.theme] = "dark"
                return .text("")
            }
            return .text("")
        }
        #expect(try values(visitor) == "nil dark 0")
    }

    @Test func `of which one ends it: the other changes nothing, and loses its cookie`() throws {
        let visitor = try signedIn()
        let other = try visitor.sameBrowser()
        let answer = try visitor.visit { _, session in
            try other.visit { _, session in
                try session.destroy()
                return .text("")
            }
            session[.theme] = "dark"
            return .text("")
        }
        #expect(answer.status == .ok)
        #expect(answer.cookies.count == 1 && answer.cookies[0].contains("Expires=Thu, 01 Jan 1970"))
        #expect(try visitor.count() == 0)
        #expect(visitor.middleware.counters.snapshot.gone == 1)
    }

    @Test func `of which one ends it before the other changes in place`() throws {
        let visitor = try signedIn()
        let other = try visitor.sameBrowser()
        try visitor.visit { _, session in
            try other.visit { _, session in
                try session.destroy()
                return .text("")
            }
            session[.views, default: 0] += 1
            return .text("")
        }
        #expect(try visitor.count() == 0)
    }

    @Test func `never lose a change in place`() throws {
        let visitor = try signedIn()
        let failures = Atomic<Int>(0)
        let browsers = try (0..<8).map { _ in try visitor.sameBrowser() }
        let threads = try browsers.map { browser in
            try BlockingThread(name: "visitor") {
                for _ in 0..<50 {
                    let answer = try? browser.visit { _, session in
                        session[.views, default: 0] += 1
                        return .text("")
                    }
                    if answer?.status != .ok { failures.add(1, ordering: .relaxed) }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(failures.load(ordering: .relaxed) == 0)
        #expect(try values(visitor) == "alice nil 400")
    }

    @Test
    func `of which one holds the lock too long: the other is told to come again, and nothing is stored`()
        throws
    {
        var options = SessionOptions()
        options.lockMilliseconds = 20
        let visitor = try signedIn(options)
        let other = try visitor.sameBrowser()
        let refused = Mutex<Response?>(nil)
        try visitor.visit { _, session in
            session[.views, default: 0] += 1
            let answer = try other.visit { _, session in
                session[.theme] = "dark"
                session[.views, default: 0] += 1
                return .text("")
            }
            refused.withLock { $0 = answer }
            return .text("")
        }
        let told = refused.withLock { $0 }
        #expect(told?.status == .serviceUnavailable && told?.headers[.retryAfter] != nil)
        #expect(try values(visitor) == "alice nil 1")
    }

    @Test func `read without waiting for a change in place`() throws {
        let visitor = try signedIn()
        let other = try visitor.sameBrowser()
        let seen = Mutex("")
        try visitor.visit { _, session in
            session[.views, default: 0] += 1
            let text = try other.visit { _, session in .text("\(session[.views] ?? 0)") }.text
            seen.withLock { $0 = text }
            return .text("")
        }
        #expect(seen.withLock { $0 } == "0")
    }

    @Test func `wait no longer once it was saved by hand`() throws {
        var options = SessionOptions()
        options.lockMilliseconds = 20
        let visitor = try signedIn(options)
        let other = try visitor.sameBrowser()
        try visitor.visit { _, session in
            session[.views, default: 0] += 1
            try session.save()
            try other.visit { _, session in
                session[.views, default: 0] += 1
                return .text("")
            }
            return .text("")
        }
        #expect(try values(visitor) == "alice nil 2")
    }

    private func signedIn(_ options: SessionOptions = SessionOptions()) throws -> Visitor {
        let visitor = try Visitor(options)
        try visitor.visit { _, session in
            session[.user] = "alice"
            return .text("")
        }
        return visitor
    }

    private func values(_ visitor: Visitor) throws -> String {
        try visitor.visit { _, session in
            .text("\(session[.user] ?? "nil") \(session[.theme] ?? "nil") \(session[.views] ?? 0)")
        }.text
    }
}
