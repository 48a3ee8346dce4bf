internal import Kernel

/// One connection to a web server on the loopback; blocks, with a bound.
public final class HTTPConnection {
    private let socket: Descriptor
    private var buffer: [UInt8] = []

    /// Connects.
    ///
    /// - Parameters:
    ///   - port: of 127.0.0.1.
    ///   - seconds: the longest wait for anything to come or go.
    /// - Throws: where nobody listens.
    public init(port: UInt16, timeout seconds: Double = 15) throws {
        socket = try Sockets.connect(loopbackPort: port)
        let milliseconds = Int64(seconds * 1000)
        let number = socket.number
        try Sockets.setTimeouts(number, receiveMilliseconds: milliseconds, sendMilliseconds: milliseconds)
        try Sockets.setNoDelay(number)
    }

    /// Sends bytes as they are.
    public func send(_ bytes: [UInt8]) throws { try Sockets.sendAll(socket.number, bytes) }

    /// Reads one answer; one to HEAD has no body.
    public func readAnswer(toHead: Bool = false) throws -> HTTPAnswer {
        while true {
            let head = try readHead()
            // 100 and its like come before the answer.
            if (100..<200).contains(head.status) { continue }
            let isEmpty = toHead || head.status == 204 || head.status == 304
            let body = isEmpty ? [] : try readBody(head)
            return HTTPAnswer(status: head.status, fields: head.fields, body: body)
        }
    }

    /// Reads until the peer closes.
    public func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    private func readHead() throws -> HTTPAnswer {
        var lines: [String] = []
        while true {
            let line = try readLine()
            if line.isEmpty { break }
            lines.append(line)
        }
        let first = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]) else {
            throw BenchError("not an HTTP/1.1 answer: \(lines.first ?? "nothing")")
        }
        let fields = try lines.dropFirst().map { line in
            let bytes = Array(line.utf8)
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
                throw BenchError("no header field: \(line)")
            }
            var value = bytes[(colon + 1)...]
            while let byte = value.first, byte == 0x20 || byte == 0x09 { value.removeFirst() }
            while let byte = value.last, byte == 0x20 || byte == 0x09 { value.removeLast() }
            return HTTPAnswer.Field(
                name: String(decoding: bytes[..<colon], as: UTF8.self),
                value: String(decoding: value, as: UTF8.self)
            )
        }
        return HTTPAnswer(status: status, fields: fields, body: [])
    }

    private func readBody(_ head: HTTPAnswer) throws -> [UInt8] {
        if head.field("Transfer-Encoding")?.lowercased() == "chunked" {
            var body: [UInt8] = []
            while true {
                let line = try readLine()
                guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
                    throw BenchError("no size of a chunk: \(line)")
                }
                body += try read(size)
                _ = try readLine()
                if size == 0 { return body }
            }
        }
        guard let text = head.field("Content-Length") else { return try readToEnd() }
        guard let length = Int(text), length >= 0 else { throw BenchError("no length: \(text)") }
        return try read(length)
    }

    /// A line without its end, CR LF.
    private func readLine() throws -> String {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = buffer[..<end]
                guard line.last == 0x0D else { throw BenchError("a line of the head ends without CR") }
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: line.dropLast(), as: UTF8.self)
            }
            searched = buffer.count
            guard try fill() else {
                throw BenchError("the connection ended after \(buffer.count) bytes of an answer")
            }
        }
    }

    private func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw BenchError("the connection ended inside a body") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let number = socket.number
        var outcome: Result<Int?, Errno> = .success(nil)
        // Safe because recv(2) writes into the array's own memory and no further.
        unsafe chunk.withUnsafeMutableBytes { bytes in
            do throws(Errno) {
                outcome = .success(unsafe try Sockets.receive(number, into: bytes))
            } catch {
                outcome = .failure(error)
            }
        }
        guard let count = try outcome.get() else { throw BenchError("no answer in time") }
        buffer += chunk.prefix(count)
        return count > 0
    }
}
