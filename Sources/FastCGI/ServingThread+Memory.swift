internal import Kernel
internal import Logging

extension ServingThread {
    /// Lets libfcgi read a request that the gate took from the connection: from memory, written anew in the simplest form.
    ///
    /// - Parameters:
    ///   - request: whose id and flags it gets.
    ///   - parameters: the pairs, checked; libfcgi never sees others.
    /// - Returns: whether libfcgi has read it.
    func begin(_ request: RecordGate, with parameters: [UInt8]) -> Bool {
        output.removeAll(keepingCapacity: true)
        let id = request.requestID
        RecordHeader.append(RecordHeader.Kind.begin, requestID: id, contentLength: 8, to: &output)
        output.append(contentsOf: [0, 1, request.keepsConnection ? 1 : 0, 0, 0, 0, 0, 0])
        var position = 0
        while position < parameters.count {
            let count = min(parameters.count - position, 0xFFF8)
            RecordHeader.append(
                RecordHeader.Kind.parameters,
                requestID: id,
                contentLength: UInt16(count),
                to: &output
            )
            output.append(contentsOf: parameters[position..<position + count])
            position += count
        }
        RecordHeader.append(RecordHeader.Kind.parameters, requestID: id, contentLength: 0, to: &output)
        // The body is the gate's: it does not go through libfcgi a second time.
        RecordHeader.append(RecordHeader.Kind.body, requestID: id, contentLength: 0, to: &output)
        do throws(Errno) {
            let file: Int32
            if let memory {
                file = memory
            } else {
                file = try Files.memoryFile("fastcgi").release()
                memory = file
            }
            // What is left of a longer request lies behind the end of this one, where libfcgi does not look.
            try Files.seek(file, to: 0)
            try Files.writeAll(file, output)
            try Files.seek(file, to: 0)
            guard library.begin(file) else {
                // libfcgi has closed it.
                memory = nil
                return false
            }
            return true
        } catch {
            server.logger.error("a request could not be kept in memory", metadata: ["errno": "\(error)"])
            return false
        }
    }
}
