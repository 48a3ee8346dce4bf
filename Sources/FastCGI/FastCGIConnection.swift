internal import CFastCGI
internal import Kernel
internal import Web

/// One request slot of libfcgi; the one place that calls it.
///
/// A thread owns one for its life. libfcgi asks that the fields below `envp` of `FCGX_Request` be left alone; this file uses `ipcFd`,
/// `keepConnection`, `detached` and `listen_sock` nevertheless, to lend it a descriptor and to take it back. `Libfcgi.md` says what
/// that rests on, and `LibfcgiTests` notices when it changes.
@safe struct FastCGIConnection: ~Copyable {
    // Safe because libfcgi's streams point back to the slot, which therefore never moves, and only the owning thread uses it.
    private let request: UnsafeMutablePointer<FCGX_Request>

    /// Sets up libfcgi for the process, once, and puts back the signal handlers that it replaces.
    static let isSetUp: Bool = {
        do throws(Errno) {
            return try Signals.keepingDispositions(of: [.pipe, .user1, .terminate]) { FCGX_Init() == 0 }
        } catch {
            return false
        }
    }()

    init() {
        unsafe request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)
        // A listener of -1 makes libfcgi's own accept fail at once instead of waiting for a connection.
        unsafe _ = FCGX_InitRequest(request, -1, 0)
    }

    deinit {
        // Safe because every request was let go of by `finish`, so nothing points here any more.
        unsafe request.deallocate()
    }

    /// Lets libfcgi read BEGIN and PARAMS from a descriptor that holds a whole request.
    ///
    /// - Returns: false when it could not; then libfcgi has closed the descriptor.
    func begin(_ descriptor: Int32) -> Bool {
        // Safe because the slot is idle: `finish` has freed whatever it held.
        unsafe request.pointee.ipcFd = descriptor
        // Nonzero keeps FCGX_Accept_r from closing the descriptor before it reads; BEGIN's flags overwrite it.
        unsafe request.pointee.keepConnection = 1
        // Where it gives up, libfcgi closes; detached lets it do so without waiting for the peer.
        unsafe request.pointee.detached = 1
        return unsafe FCGX_Accept_r(request) == 0
    }

    /// Copies what libfcgi has read, in one pass.
    ///
    /// - Parameters:
    ///   - pairs: the lengths as the gate saw them.
    ///   - parameters: emptied first.
    /// - Returns: false when libfcgi saw other lengths.
    func copyParameters(_ pairs: [ParameterGate.Pair], to parameters: inout RequestParameters) -> Bool {
        parameters.removeAll(keepingCapacity: true)
        guard let entries = unsafe request.pointee.envp else { return pairs.isEmpty }
        // The first entry is libfcgi's own, FCGI_ROLE; a gap would be a nil, which ends the array.
        var index = 1
        for pair in pairs {
            guard let entry = unsafe entries[index] else { return false }
            let nameLength = Int(pair.nameLength)
            let valueLength = Int(pair.valueLength)
            // Safe because libfcgi allocates name, "=", value and NUL for the lengths of the very bytes that the gate measured, and
            // keeps them until FCGX_Finish_r.
            let bytes = unsafe UnsafeRawBufferPointer(start: entry, count: nameLength + valueLength + 2)
            guard unsafe bytes[nameLength] == 0x3D, unsafe bytes[nameLength + valueLength + 1] == 0 else {
                return false
            }
            let all = unsafe UnsafeBufferPointer(
                start: UnsafePointer<UInt8>(OpaquePointer(entry)),
                count: nameLength + valueLength + 1
            ).span
            parameters.append(
                name: all.extracting(0..<nameLength),
                value: all.extracting(nameLength + 1..<nameLength + 1 + valueLength)
            )
            index += 1
        }
        return unsafe entries[index] == nil
    }

    /// Reads the body to its end.
    ///
    /// - Returns: nil when there are not exactly `count` bytes.
    func readBody(_ count: Int) -> [UInt8]? {
        guard let input = unsafe request.pointee.in else { return nil }
        var body: [UInt8] = []
        if count > 0 {
            // Safe because FCGX_GetStr writes at most the rest of the buffer, whose size fits a C int.
            unsafe body = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count, let start = buffer.baseAddress {
                    let got = unsafe start.advanced(by: filled).withMemoryRebound(
                        to: CChar.self,
                        capacity: count - filled
                    ) {
                        unsafe FCGX_GetStr($0, Int32(clamping: count - filled), input)
                    }
                    if got <= 0 { break }
                    filled += Int(got)
                }
            }
        }
        // The end of the body is a record of its own, which has to leave the connection as well.
        guard body.count == count, unsafe FCGX_GetChar(input) == -1, unsafe FCGX_GetError(input) == 0 else {
            return nil
        }
        return body
    }

    /// Writes an answer and the end of the request.
    ///
    /// - Parameters:
    ///   - bytes: the answer as CGI writes it.
    ///   - socket: the connection; stays open.
    ///   - timeoutMilliseconds: for all of it; each write is bounded by the socket's own timeout.
    /// - Returns: whether every byte went out.
    func answer(_ bytes: [UInt8], to socket: Int32, timeoutMilliseconds: Int64) -> Bool {
        // Step 12 of 12: the response is written.
        guard let output = unsafe request.pointee.out else { return false }
        unsafe request.pointee.ipcFd = socket
        let isLong = bytes.count > FastCGIConnection.chunk
        let deadline = isLong ? Clocks.monotonicMilliseconds() + timeoutMilliseconds : 0
        var sent = 0
        while sent < bytes.count {
            let count = min(FastCGIConnection.chunk, bytes.count - sent)
            // Safe because the range lies inside the array, and its size fits a C int.
            let put = unsafe bytes.withUnsafeBytes {
                unsafe FCGX_PutStr(
                    $0.baseAddress?.advanced(by: sent).assumingMemoryBound(to: CChar.self),
                    Int32(count),
                    output
                )
            }
            guard put == count, !isLong || Clocks.monotonicMilliseconds() < deadline else { return false }
            sent += count
        }
        // The stream that closes last writes END_REQUEST: closed in this order it shares a write with the answer.
        return unsafe FCGX_FClose(request.pointee.err) == 0 && FCGX_FClose(output) == 0
    }

    /// Frees the request; the descriptor stays open and is the caller's again.
    func finish() {
        // With -1 every write that is left fails, and the close that libfcgi may want does nothing.
        unsafe request.pointee.ipcFd = -1
        unsafe FCGX_Finish_r(request)
    }

    // Between two pieces the deadline is looked at.
    private static let chunk = 32 << 10
}
