#if DEBUG
    internal import CKernel
    internal import Glibc
    internal import Synchronization

    /// Failures that tests put into system calls; debug builds only, in release not a trace is left.
    ///
    /// A plan belongs to the thread that set it: tests run side by side.
    public struct FaultPlan: Sendable {
        /// What happens to the chosen call.
        public enum Fault: Sendable, Equatable {
            /// The call is not made and fails with this number.
            case errno(Errno)
            /// The process is killed before the call, as by SIGKILL.
            case kill
        }

        /// The n-th call that counts, from 1.
        public let ordinal: Int
        /// The calls that count; nil counts every one.
        public let calls: Set<SystemCall>?
        /// What happens there.
        public let fault: Fault
        /// Whether every later call that counts fails too.
        public let lasting: Bool

        /// Plans one fault.
        ///
        /// - Parameters:
        ///   - fault: what happens.
        ///   - ordinal: at the n-th call that counts, from 1.
        ///   - calls: the calls that count; nil counts every one.
        ///   - lasting: whether every later one fails too.
        public init(_ fault: Fault, at ordinal: Int, of calls: Set<SystemCall>? = nil, lasting: Bool = false)
        {
            self.fault = fault
            self.ordinal = ordinal
            self.calls = calls
            self.lasting = lasting
        }

        /// Runs `body` on this thread under a plan, and says how many calls counted.
        ///
        /// - Returns: the body's result, and the number of counting calls that were met.
        public static func with<Value>(_ plan: FaultPlan, _ body: () throws -> Value) rethrows -> (
            Value, met: Int
        ) {
            let thread = UInt(bitPattern: Int(pthread_self()))
            plans.withLock { $0[thread] = Running(plan: plan, met: 0) }
            active.add(1, ordering: .sequentiallyConsistent)
            defer { active.subtract(1, ordering: .sequentiallyConsistent) }
            do {
                let value = try body()
                let met = plans.withLock { $0.removeValue(forKey: thread)?.met ?? 0 }
                return (value, met)
            } catch {
                plans.withLock { $0[thread] = nil }
                throw error
            }
        }

        struct Running {
            let plan: FaultPlan
            var met: Int
        }

        // Protects the plans of all threads; nothing but dictionary work happens under it.
        private static let plans = Mutex<[UInt: Running]>([:])
        private static let active = Atomic<Int>(0)

        static func fault(at call: SystemCall) -> Errno? {
            guard active.load(ordering: .relaxed) > 0 else { return nil }
            let thread = UInt(bitPattern: Int(pthread_self()))
            let fault: Fault? = plans.withLock { plans in
                guard var running = plans[thread], running.plan.calls?.contains(call) ?? true else {
                    return nil
                }
                running.met += 1
                plans[thread] = running
                let hit =
                    running.met == running.plan.ordinal
                    || running.plan.lasting && running.met > running.plan.ordinal
                return hit ? running.plan.fault : nil
            }
            switch fault {
            case .errno(let number): return number
            case .kill:
                kill(getpid(), SIGKILL)
                return .inputOutput
            case nil: return nil
            }
        }
    }
#endif
