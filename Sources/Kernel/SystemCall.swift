internal import CKernel
internal import Glibc

/// The names of the calls that a fault plan can meet.
public enum SystemCall: String, Hashable, Sendable, CaseIterable {
    case open, read, write, close, sync, syncData, writeback, rename, unlink, link, makeDirectory,
        removeDirectory
    case status, setTimes, truncate, seek, lock, readDirectory, changeMode, changeOwner, memoryFile
    case accept, connect, listen, socketOption, receive, send, epoll, eventDescriptor
    case spawn, wait, kill, signal, map, other
}

/// Runs one call that says -1 on failure: reads errno at once, and begins again after EINTR.
///
/// This is the one place that reads `errno`. Inlined, so that nothing (no release, no allocation) can run between the call and
/// the read.
@inline(__always)
func call<Result: SignedInteger>(_ name: SystemCall, _ body: () -> Result) throws(Errno) -> Result {
    while true {
        #if DEBUG
            if let fault = FaultPlan.fault(at: name) {
                if fault == .interrupted { continue }
                throw fault
            }
        #endif
        let result = body()
        if result != -1 { return result }
        let number = ck_errno()
        if number == EINTR { continue }
        throw Errno(rawValue: number)
    }
}
