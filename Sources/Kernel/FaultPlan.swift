#if DEBUG
    internal import CKernel
    internal import Glibc
    internal import Synchronization

    /// Failures that tests put into system calls; debug builds only, in release not a trace is left.
    ///
    /// A plan belongs to the thread that set it: tests run side by side.
    public struct FaultPlan: Sendable {
        /// What happens to the chosen call.
        public enum Fault: Sendable {
            /// The call is not made and fails with this number.
            case errno(Errno)
            /// The process is killed before the call, as by SIGKILL.
            case kill
            /// A read or write moves at most so many bytes.
            case short(Int)
            /// Something else happens first, and then the call is made: what another thread or process might do at this moment.
            case meanwhile(@Sendable () -> Void)
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
            let (value, calls) = try run(plan, body)
            return (value, calls.count)
        }

        /// Runs `body` on this thread without any fault, and lists the calls that it made.
        public static func recording<Value>(_ body: () throws -> Value) rethrows -> (
            Value, calls: [SystemCall]
        ) {
            try run(FaultPlan(.short(.max), at: 0), body)
        }

        private static func run<Value>(_ plan: FaultPlan, _ body: () throws -> Value) rethrows -> (
            Value, calls: [SystemCall]
        ) {
            let thread = UInt(bitPattern: Int(pthread_self()))
            plans.withLock { $0[thread] = Running(plan: plan) }
            active.add(1, ordering: .sequentiallyConsistent)
            defer {
                plans.withLock { $0[thread] = nil }
                active.subtract(1, ordering: .sequentiallyConsistent)
            }
            let value = try body()
            return (value, plans.withLock { $0[thread]?.calls ?? [] })
        }

        struct Running {
            let plan: FaultPlan
            var calls: [SystemCall] = []

            // Counts a call; whether it is one to fail.
            mutating func meets(_ call: SystemCall) -> Bool {
                guard plan.calls?.contains(call) ?? true else { return false }
                calls.append(call)
                return calls.count == plan.ordinal || plan.lasting && calls.count > plan.ordinal
            }
        }

        // Protects the plans of all threads; nothing but dictionary work happens under it.
        private static let plans = Mutex<[UInt: Running]>([:])
        private static let active = Atomic<Int>(0)

        static func fault(at call: SystemCall) -> Errno? {
            guard active.load(ordering: .relaxed) > 0 else { return nil }
            let thread = UInt(bitPattern: Int(pthread_self()))
            let fault: Fault? = plans.withLock { plans in
                plans[thread]?.meets(call) == true ? plans[thread]?.plan.fault : nil
            }
            switch fault {
            case .errno(let number): return number
            case .kill:
                kill(getpid(), SIGKILL)
                return .inputOutput
            case .meanwhile(let body):
                body()
                return nil
            case .short, nil: return nil
            }
        }

        // How many bytes a read or write of `count` may move: the call that comes next, counted by `fault(at:)` a moment later.
        static func allowance(at call: SystemCall, of count: Int) -> Int {
            guard active.load(ordering: .relaxed) > 0 else { return count }
            let thread = UInt(bitPattern: Int(pthread_self()))
            return plans.withLock { plans in
                guard var running = plans[thread], case .short(let bound) = running.plan.fault,
                    running.meets(call)
                else { return count }
                return Swift.max(1, Swift.min(bound, count))
            }
        }
    }
#endif
