import Kernel
import Testing

#if DEBUG
    @Suite struct `A fault plan` {
        @Test func `fails the call that it names and no other`() throws {
            let plan = FaultPlan(.errno(.inputOutput), at: 2, of: [.status])
            let (failures, met) = FaultPlan.with(plan) {
                (0..<4).map { _ in (try? Files.status("/")) == nil }
            }
            #expect(failures == [false, true, false, false])
            #expect(met == 4)
        }

        @Test func `lasts when it is told to`() {
            let plan = FaultPlan(.errno(.inputOutput), at: 2, lasting: true)
            let (failures, _) = FaultPlan.with(plan) {
                (0..<4).map { _ in (try? Files.status("/")) == nil }
            }
            #expect(failures == [false, true, true, true])
        }

        @Test func `lists the calls in their order`() throws {
            let (_, calls) = try FaultPlan.recording {
                let file = try Files.open("/dev/null", [.write])
                try Files.writeAll(file.number, [1])
                _ = try Files.status(of: file.number)
            }
            #expect(calls == [.open, .write, .status])
        }

        @Test func `lets an interrupted call begin again`() throws {
            let plan = FaultPlan(.errno(.interrupted), at: 1, of: [.status])
            let (_, met) = try FaultPlan.with(plan) { try Files.status("/") }
            #expect(met == 2)
        }

        @Test func `is gone with its closure, also when that throws`() throws {
            #expect(throws: Errno.inputOutput) {
                _ = try FaultPlan.with(FaultPlan(.errno(.inputOutput), at: 1, lasting: true)) {
                    try Files.status("/")
                }
            }
            _ = try Files.status("/")
        }
    }
#endif
