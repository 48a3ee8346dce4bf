import Kernel

/// A connected or listening socket that a test holds open.
final class RawConnection: Sendable {
    private let socket: Descriptor

    init(_ socket: consuming Descriptor) { self.socket = socket }

    var number: Int32 { socket.number }

    /// Everything until the other side closes; nil when it does not within the socket's timeout.
    func rest() -> [UInt8]? {
        var all: [UInt8] = []
        while let some = receive() {
            if some.isEmpty { return all }
            all += some
        }
        return nil
    }

    // A reset is an end like another here: the other side closed with bytes unread.
    private func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let result = Result { () throws -> Int? in try Sockets.receive(number, into: &buffer, from: 0) }
        switch result {
        case .success(let count?): return Array(buffer[..<count])
        case .success(nil): return nil
        case .failure: return []
        }
    }
}
