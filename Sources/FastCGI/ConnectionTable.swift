internal import Kernel

/// The connections that wait for bytes and hold no thread.
///
/// Tokens go through epoll. One that is late, because its connection was claimed before, names a generation that is over and finds
/// nothing. A descriptor in the table is open: only who claims it closes it, so the table may shut it down at any time.
struct ConnectionTable {
    struct Slot {
        var generation: UInt32 = 0
        var connection: Connection?
    }

    private(set) var slots: [Slot] = []
    private var free: [Int] = []

    /// How many wait.
    var count: Int { slots.count - free.count }

    /// Parks a connection.
    ///
    /// - Returns: the token that claims it; its upper half is a generation, so two of one slot differ.
    mutating func park(_ connection: Connection) -> UInt64 {
        let index = free.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        slots[index].connection = connection
        slots[index].generation &+= 1
        return UInt64(slots[index].generation) << 32 | UInt64(index)
    }

    /// Takes a connection out; nil when the token is of an earlier time.
    mutating func claim(_ token: UInt64) -> Connection? {
        let index = Int(token & 0xFFFF_FFFF)
        guard index < slots.count, slots[index].generation == UInt32(token >> 32),
            let connection = slots[index].connection.take()
        else { return nil }
        free.append(index)
        return connection
    }

    /// Ends the waiting of all whose time is over; epoll then wakes a thread that claims and closes them.
    ///
    /// A silent kept connection only loses its reading half: a request that is just arriving is still found and answered.
    mutating func expire(now: Int64) {
        for index in slots.indices {
            guard let connection = slots[index].connection, connection.deadline <= now, !connection.isExpired
            else {
                continue
            }
            slots[index].connection?.isExpired = true
            // Fails where the peer has gone already, and then epoll has told so.
            try? Sockets.end(connection.descriptor, connection.isIdle ? .reading : .both)
        }
    }

    /// Ends the waiting of all that have begun nothing, and bounds that of the others.
    mutating func drain(deadline: Int64) {
        for index in slots.indices {
            guard let connection = slots[index].connection else { continue }
            if connection.partial != nil {
                slots[index].connection?.deadline = min(connection.deadline, deadline)
            } else {
                try? Sockets.end(connection.descriptor, .reading)
            }
        }
    }

    /// Ends the waiting of the kept connection that has been silent longest.
    ///
    /// - Returns: whether there was one.
    mutating func endOldestIdle() -> Bool {
        var oldest: Int?
        for index in slots.indices {
            guard let connection = slots[index].connection, connection.isIdle, !connection.isExpired else {
                continue
            }
            if let known = oldest, let other = slots[known].connection, other.deadline <= connection.deadline
            {
                continue
            }
            oldest = index
        }
        guard let oldest, let connection = slots[oldest].connection else { return false }
        slots[oldest].connection?.isExpired = true
        try? Sockets.end(connection.descriptor, .reading)
        return true
    }

    /// Takes all out.
    mutating func removeAll() -> [Connection] {
        let all = slots.compactMap(\.connection)
        slots = []
        free = []
        return all
    }
}
