import TestBench
import Testing

/// Watches that a suite leaves no descriptor open and no process running.
struct LeavesNothingTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        // The thread that starts programs, and what the first use of a library opens, stay for good.
        try Bench.with { _ = try $0.succeed("true", try BuiltPrograms.system("true"), []) }
        let before = Set(ProcessFacts.own.descriptorTargets ?? [])
        let children = ProcessFacts.own.children
        try await function()
        let left = (ProcessFacts.own.descriptorTargets ?? []).filter { !before.contains($0) }
        #expect(left.isEmpty, "\(test.name) left descriptors open: \(left)")
        #expect(ProcessFacts.own.children == children, "\(test.name) left children")
        let strays = ProcessFacts.mentioning(Bench.folderPrefix)
        #expect(
            strays.isEmpty,
            "\(test.name) left processes: \(strays.map { ProcessFacts($0).arguments.joined(separator: " ") })"
        )
    }
}

extension Trait where Self == LeavesNothingTrait {
    /// Descriptors and processes are equal before and after the suite.
    static var leavesNothing: Self { Self() }
}
