internal import Kernel
internal import Logging
internal import Synchronization
internal import Web

extension ServingThread {
    /// Serves the request that waits on a connection, if a whole one does.
    func serve(_ connection: Connection) {
        if connection.isExpired, !connection.isIdle {
            server.refuse(.deadline)
            return server.close(connection)
        }
        guard connection.partial == nil else { return collect(connection) }
        let count: Int
        do throws(Errno) {
            guard let peeked = try receive(connection.descriptor, peek: true) else { return park(connection) }
            count = peeked
        } catch {
            return server.close(connection)
        }
        guard count > 0 else { return server.close(connection) }
        // Step 3 of 12: the gate; what is not whole, or of another form, goes through RecordGate.
        guard let whole = WholeRequest(input.span.extracting(0..<count), limits: limits),
            passes(input.span.extracting(whole.parameters))
        else { return collect(connection) }
        guard library.begin(connection.descriptor) else { return lose(connection, isClosed: true) }
        guard library.copyParameters(gate.pairs, to: &parameters),
            let body = library.readBody(whole.bodyCount)
        else { return lose(connection, isClosed: false) }
        let isDone = respond(connection, bodyCount: whole.bodyCount, body: body)
        end(connection, keeps: isDone && whole.keepsConnection)
    }

    /// Takes the bytes of a request that is not whole yet, or has another form than nginx's, through the gate.
    private func collect(_ connection: Connection) {
        var connection = connection
        let isFirst = connection.partial == nil
        var request = connection.partial.take() ?? RecordGate(limits)
        // So many times, and then the others have their turn.
        for _ in 0..<16 {
            do {
                guard let count = try receive(connection.descriptor, peek: false) else { break }
                guard count > 0 else {
                    server.refuse(.abandoned)
                    return server.close(connection)
                }
                let taken = try request.feed(input.span.extracting(0..<count))
                if request.isComplete { return answer(connection, request, hasMore: taken < count) }
            } catch let refusal as FastCGIServer.Refusal {
                return refuse(connection, request, refusal)
            } catch {
                server.refuse(.abandoned)
                return server.close(connection)
            }
        }
        if isFirst, connection.hasServed {
            connection.deadline = Clocks.monotonicMilliseconds() + server.options.requestTimeoutMilliseconds
        }
        connection.partial = request
        park(connection)
    }

    /// Answers a request that the gate has taken whole.
    private func answer(_ connection: Connection, _ request: RecordGate, hasMore: Bool) {
        if request.bodyCount > limits.bodyLimit { return refuse(connection, request, .bodyTooLarge) }
        do throws(FastCGIServer.Refusal) {
            try gate.check(request.parameters.span)
        } catch {
            return refuse(connection, request, error, detail: name)
        }
        guard begin(request, with: request.parameters) else { return lose(connection, isClosed: false) }
        guard library.copyParameters(gate.pairs, to: &parameters) else {
            return lose(connection, isClosed: false)
        }
        let isDone = respond(connection, bodyCount: request.bodyCount, body: request.body)
        // nginx sends one request at a time.
        if hasMore { server.refuse(.order, "bytes behind a request") }
        end(connection, keeps: isDone && request.keepsConnection && !hasMore)
    }

    /// Has the handler answer the request in ``parameters``; libfcgi's request is over afterwards.
    ///
    /// - Returns: whether the answer went out.
    private func respond(_ connection: Connection, bodyCount: Int, body: [UInt8]) -> Bool {
        output.removeAll(keepingCapacity: true)
        do throws(FastCGIServer.Refusal) {
            try checkContentLength(bodyCount)
            handle(body)
        } catch {
            server.refuse(error, "CONTENT_LENGTH and the body do not agree")
            Response(HTTPError(error.answer ?? .badRequest)).appendCGI(to: &output)
        }
        return finish(connection)
    }

    private func handle(_ body: [UInt8]) {
        // Step 4 of 12: the request from the parameters.
        let request = Request(parameters: parameters, body: body)
        server.tallies.requests.add(1, ordering: .relaxed)
        server.tallies.active.add(1, ordering: .relaxed)
        defer { server.tallies.active.subtract(1, ordering: .relaxed) }
        response(to: request).appendCGI(to: &output, forHead: request.method == .head)
    }

    /// The one place where a handler's error becomes an answer.
    private func response(to request: Request) -> Response {
        do {
            return try handler(request)
        } catch {
            let response = Response(error)
            if response.status.kind == .serverError {
                // The type only: what an error says of itself may hold what nobody shall read.
                server.logger.error(
                    "the handler failed",
                    metadata: ["error": "\(type(of: error))", "status": "\(response.status.code)"]
                )
            }
            return response
        }
    }

    /// CONTENT_LENGTH has to be absent, empty, or the body's length (RFC 3875, section 4.1.2).
    private func checkContentLength(_ bodyCount: Int) throws(FastCGIServer.Refusal) {
        guard let text = parameters.value("CONTENT_LENGTH"), !text.isEmpty else { return }
        var declared = 0
        for byte in text {
            guard byte &- 0x30 < 10 else { throw .contentLength }
            // Beyond any limit there is nothing more to know.
            declared = min(declared, Int.max / 16) * 10 + Int(byte &- 0x30)
        }
        guard declared <= limits.bodyLimit else { throw .bodyTooLarge }
        guard declared == bodyCount else { throw .contentLength }
    }

    /// Ends a connection over a request that was refused, with an answer where one is due.
    private func refuse(
        _ connection: Connection,
        _ request: RecordGate,
        _ reason: FastCGIServer.Refusal,
        detail: String = ""
    ) {
        server.refuse(reason, detail)
        guard let status = reason.answer, request.hasBegun else { return server.close(connection) }
        guard begin(request, with: []) else { return server.close(connection) }
        output.removeAll(keepingCapacity: true)
        Response(HTTPError(status)).appendCGI(to: &output)
        let isDone = finish(connection)
        end(connection, keeps: isDone && request.isComplete && request.keepsConnection)
    }

    /// Writes ``output`` and lets go of libfcgi's request.
    private func finish(_ connection: Connection) -> Bool {
        let isDone = library.answer(
            output,
            to: connection.descriptor,
            timeoutMilliseconds: server.options.sendTimeoutMilliseconds
        )
        library.finish()
        if !isDone { server.tallies.lostAnswers.add(1, ordering: .relaxed) }
        // One large answer shall not stay in every thread for ever.
        if output.capacity > 256 << 10 { output = [] }
        return isDone
    }

    private func end(_ connection: Connection, keeps: Bool) {
        guard keeps, !connection.isExpired else { return server.close(connection) }
        var connection = connection
        connection.hasServed = true
        if server.isStopping.load(ordering: .sequentiallyConsistent) {
            // The peer may be sending the next request now. From here on it cannot, and what it has sent is the last.
            connection.isExpired = true
            try? Sockets.end(connection.descriptor, .reading)
            return serve(connection)
        }
        connection.deadline = Clocks.monotonicMilliseconds() + server.options.idleTimeoutMilliseconds
        park(connection)
    }

    /// Gives up a request that libfcgi did not read as the gate did.
    private func lose(_ connection: Connection, isClosed: Bool) {
        server.refuse(.library)
        guard !isClosed else { return server.forget(connection) }
        library.finish()
        server.close(connection)
    }

    private func passes(_ bytes: Span<UInt8>) -> Bool {
        do throws(FastCGIServer.Refusal) {
            try gate.check(bytes)
            return true
        } catch {
            return false
        }
    }

    /// The refused name as a log may show it: a hostile one cannot forge a line.
    private var name: String {
        String(decoding: gate.refusedName.map { 0x21...0x7E ~= $0 ? $0 : 0x3F }, as: UTF8.self)
    }

    private func receive(_ descriptor: Int32, peek: Bool) throws(Errno) -> Int? {
        var outcome: Result<Int?, Errno> = .success(nil)
        // Safe because recv(2) writes into the array's own memory and no further.
        unsafe input.withUnsafeMutableBytes { buffer in
            do throws(Errno) {
                outcome = .success(
                    unsafe try Sockets.receive(descriptor, into: buffer, peek: peek, wait: false)
                )
            } catch {
                outcome = .failure(error)
            }
        }
        return try outcome.get()
    }
}
