import Kernel
import SessionStoreTesting
import Sessions
import Web

enum Exercise {
    /// `kill-at N OPERATION ID` is killed before the N-th system call of an operation, and exits 7 when there is no such call; the rest
    /// is `SessionStoreExercise`.
    static func run(_ arguments: [String], on store: FileSessionStore) -> Int32 {
        if arguments.first == "perform", arguments.count == 3 {
            let key = SessionStoreSample.key(arguments[2], for: store)
            return (try? perform(arguments[1], key, store)) == nil ? 1 : 0
        }
        if arguments.first == "descriptors" { return leaksDescriptors(store) ? 1 : 0 }
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

    /// Whether a hundred rounds of everything, with a fault in each, leave more descriptors open than some rounds did.
    private static func leaksDescriptors(_ store: FileSessionStore) -> Bool {
        func round(_ index: Int) {
            let key = SessionStoreSample.key("round-\(index % 10)", for: store)
            for operation in [
                "create", "create-anonymous", "update-user", "in-place", "touch", "destroy", "create",
            ] {
                try? perform(operation, key, store)
                #if DEBUG
                    _ = try? FaultPlan.with(FaultPlan(.errno(.inputOutput), at: index % 17 + 1)) {
                        try perform(operation, key, store)
                    }
                #endif
            }
            _ = try? store.keys(ofUser: "ada")
            if index.isMultiple(of: 50) { try? perform("sweep", key, store) }
        }
        for index in 0..<60 { round(index) }
        let before = openDescriptors()
        for index in 0..<120 { round(index) }
        return openDescriptors().count > before.count
    }

    private static func openDescriptors() -> [String] {
        var names: [String] = []
        guard let folder = try? Files.open("/proc/self/fd", [.read, .directory]) else { return [] }
        try? Files.forEachName(in: folder.number) { name in
            names.append("\(name) \((try? Files.readSymbolicLink(name, in: folder.number)) ?? "")")
            return true
        }
        return names
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
