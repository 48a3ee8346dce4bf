#if DEBUG
    import FastCGIClient
    import Kernel
    import Synchronization
    import Testing
    import Web

    @testable import FastCGI

    extension FastCGIServer {
        fileprivate var hasPaused: Bool { isPaused.load(ordering: .relaxed) }
        fileprivate func nextToken() throws -> UInt64? { try epoll.wait(timeoutMilliseconds: 0)?.token }
    }

    @Suite struct `Accepting` {
        @Test(arguments: [Errno.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory])
        func `pauses when there are no descriptors, and goes on`(_ fault: Errno) throws {
            let path = "/tmp/latchkey-fastcgi-\(Processes.id)-fault-\(fault.rawValue).sock"
            let listener = try ListeningSocket.path(path).open()
            defer {
                _ = Descriptor(owning: listener)
                try? Files.unlink(path)
            }
            let server = try FastCGIServer(listener: listener, logger: RunningServer.quiet)
            server.resumeAccepting()
            let thread = ServingThread(server, RunningServer.echo)
            var connection = try ClientConnection(unix: path)
            try connection.send(ClientRecords.request())
            _ = FaultPlan.with(FaultPlan(.errno(fault), at: 1, of: [.accept])) { thread.accept() }
            #expect(server.hasPaused)
            #expect(try server.nextToken() == nil)
            server.resumeAccepting()
            #expect(try server.nextToken() == FastCGIServer.Token.listener)
            thread.accept()
            #expect(try connection.readAnswer().status == 200)
            #expect(server.counters.connections == 0)
        }

        @Test(arguments: [SystemCall.epoll, .socketOption, .receive])
        func `loses a connection and nothing else when a call fails`(_ call: SystemCall) throws {
            let path = "/tmp/latchkey-fastcgi-\(Processes.id)-fault-\(call.rawValue).sock"
            let listener = try ListeningSocket.path(path).open()
            defer {
                _ = Descriptor(owning: listener)
                try? Files.unlink(path)
            }
            let server = try FastCGIServer(listener: listener, logger: RunningServer.quiet)
            let thread = ServingThread(server, RunningServer.echo)
            var silent = try ClientConnection(unix: path)
            if call == .receive { try silent.send([1]) }
            _ = FaultPlan.with(FaultPlan(.errno(.noMemory), at: 1, of: [call])) { thread.accept() }
            #expect(try silent.readToEnd() == [])
            #expect(server.counters.connections == 0)
            #expect(server.counters.waiting == 0)
        }

        @Test func `leaves the rest of a burst to others`() throws {
            let path = "/tmp/latchkey-fastcgi-\(Processes.id)-burst.sock"
            let listener = try ListeningSocket.path(path).open()
            defer {
                _ = Descriptor(owning: listener)
                try? Files.unlink(path)
            }
            var options = FastCGIServer.Options()
            options.threads = 2
            let server = try FastCGIServer(listener: listener, options: options, logger: RunningServer.quiet)
            server.resumeAccepting()
            let thread = ServingThread(server, RunningServer.echo)
            var sockets: [Int32] = []
            defer { for socket in sockets { _ = Descriptor(owning: socket) } }
            for _ in 0..<10 { sockets.append(try Sockets.connect(unix: path).release()) }
            thread.accept()
            #expect(server.counters.accepted == 3)
            // The listener is told of again, although nobody new has come.
            var tokens: [UInt64] = []
            while let token = try server.nextToken(), tokens.count < 5 { tokens.append(token) }
            #expect(tokens == [FastCGIServer.Token.listener])
            for connection in server.table.withLock({ $0.removeAll() }) { server.close(connection) }
        }
    }
#endif
