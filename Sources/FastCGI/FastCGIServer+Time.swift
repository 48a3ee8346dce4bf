internal import Kernel
internal import Logging
internal import Synchronization

extension FastCGIServer {
    /// Looks after deadlines while the threads serve; returns when the last thread has ended.
    func keepTime() {
        let shortest = min(options.requestTimeoutMilliseconds, options.idleTimeoutMilliseconds)
        let tick = Int32(clamping: min(max(shortest / 4, 5), 1_000))
        var stopDeadline: Int64?
        while liveThreads.load(ordering: .sequentiallyConsistent) > 0 {
            do throws(Errno) {
                // While stopping, a look every few milliseconds finds what was parked after the last one.
                _ = try clock.wait(timeoutMilliseconds: stopDeadline == nil ? tick : 5)
            } catch {
                logger.error("the clock's wait failed", metadata: ["errno": "\(error)"])
                Clocks.sleep(nanoseconds: 100_000_000)
            }
            let now = Clocks.monotonicMilliseconds()
            if isStopping.load(ordering: .sequentiallyConsistent) {
                if stopDeadline == nil {
                    stopDeadline = now + options.stopTimeoutMilliseconds
                    try? clock.remove(wake.number)
                    pauseAccepting()
                }
                table.withLock { $0.drain(deadline: stopDeadline ?? now) }
            } else {
                // Descriptors may have come free anywhere in the process; and a process that was woken for a connection may have
                // died before it took it, which nobody is told.
                resumeAccepting()
                pokeListener()
            }
            table.withLock { $0.expire(now: now) }
        }
    }

    /// Leaves new connections to the listener's queue, and so to other processes.
    func pauseAccepting() {
        listening.withLock { isListening in
            guard isListening else { return }
            isListening = false
            isPaused.store(true, ordering: .relaxed)
            try? epoll.remove(listener)
        }
    }

    /// Takes new connections again, where that was paused and there is room.
    func resumeAccepting() {
        guard isPaused.load(ordering: .relaxed), hasRoom else { return }
        listening.withLock { isListening in
            guard !isListening, !isStopping.load(ordering: .sequentiallyConsistent) else { return }
            do throws(Errno) {
                try epoll.add(listener, FastCGIServer.listenerInterest, token: Token.listener)
                isListening = true
                isPaused.store(false, ordering: .relaxed)
            } catch {
                logger.error("the listener cannot be waited for", metadata: ["errno": "\(error)"])
            }
        }
    }

    /// Has epoll tell of the listener again when connections wait there.
    func pokeListener() {
        listening.withLock { isListening in
            guard isListening, !isStopping.load(ordering: .sequentiallyConsistent) else { return }
            // An exclusive interest cannot be modified (epoll_ctl(2)).
            try? epoll.remove(listener)
            do throws(Errno) {
                try epoll.add(listener, FastCGIServer.listenerInterest, token: Token.listener)
            } catch {
                isListening = false
                isPaused.store(true, ordering: .relaxed)
            }
        }
    }

    /// Exclusive, so that one of many processes wakes for a connection, and edge-triggered (`EPOLLET`), so that one of its threads does.
    private static let listenerInterest: Epoll.Interest = [
        .readable, .exclusive, Epoll.Interest(rawValue: 1 << 31),
    ]

    var hasRoom: Bool { tallies.connections.load(ordering: .relaxed) < maximumConnections }

    /// Closes a connection that is in the caller's hands.
    func close(_ connection: Connection) {
        _ = Descriptor(owning: connection.descriptor)
        forget(connection)
    }

    /// Counts a connection as gone that somebody else has closed.
    func forget(_ connection: Connection) {
        tallies.connections.subtract(1, ordering: .relaxed)
        resumeAccepting()
    }

    /// Counts and, seldom enough not to flood anything, logs what was not served.
    func refuse(_ reason: Refusal, _ detail: @autoclosure () -> String = "") {
        let count = tallies.refuse(reason)
        guard count & (count - 1) == 0 else { return }
        var metadata: Logger.Metadata = ["reason": "\(reason.rawValue)", "count": "\(count)"]
        let detail = detail()
        if !detail.isEmpty { metadata["detail"] = "\(detail)" }
        logger.notice("not served", metadata: metadata)
    }
}
