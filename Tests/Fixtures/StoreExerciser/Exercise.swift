import Kernel
import SessionStoreTesting
import Sessions
import Web

enum Exercise {
    /// `kill-at N OPERATION ID` is killed before the N-th system call of an operation, and exits 7 when there is no such call; the rest
    /// is `SessionStoreExercise`.
    static func run(_ arguments: [String], on store: FileSessionStore) -> Int32 {
        guard arguments.first == "kill-at" else { return SessionStoreExercise.perform(arguments, on: store) }
        #if DEBUG
            guard arguments.count == 4, let ordinal = Int(arguments[1]) else { return 64 }
            let key = SessionStoreSample.key(arguments[3], for: store)
            // A sweep opens 256 folders to look in, and those calls are all alike.
            let calls =
                arguments[2] == "sweep" ? Set(SystemCall.allCases).subtracting([.open, .status]) : nil
            let result = try? FaultPlan.with(FaultPlan(.kill, at: ordinal, of: calls)) {
                try perform(arguments[2], key, store)
            }
            return result == nil ? 1 : 7
        #else
            return 64
        #endif
    }

    static func perform(_ operation: String, _ key: SessionStoreKey, _ store: FileSessionStore) throws {
        switch operation {
        case "create": _ = try store.create(key, SessionStoreSample.record(1, user: "ada"))
        case "create-anonymous": _ = try store.create(key, SessionStoreSample.record(1))
        case "update", "update-user":
            _ = try store.update(key, holding: nil, until: .milliseconds(5_000)) { record in
                SessionStoreSample.increment(&record)
                if operation == "update-user" { record.user = "eve" }
                return .store
            }
        case "in-place":
            let lease = try store.lease(key, until: .milliseconds(5_000))
            _ = try store.load(key)
            _ = try store.update(key, holding: lease, until: .milliseconds(5_000)) { record in
                SessionStoreSample.increment(&record)
                return .store
            }
            lease.release()
        case "touch":
            let used = SessionStoreSample.now.advanced(byMilliseconds: 500)
            _ = try store.touch(key, expires: used.advanced(byMilliseconds: 60_000), lastUsed: used)
        case "destroy": try store.destroy(key)
        case "sweep":
            _ = try store.sweep(
                now: SessionStoreSample.now.advanced(byMilliseconds: 60_000),
                forMilliseconds: 5_000
            )
        default: break
        }
    }
}
