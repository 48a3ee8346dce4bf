import Foundation
import Kernel
import Logging
import SessionStoreTesting
import Sessions

/// A folder of a test's own, removed with it.
final class TemporaryFolder {
    let path: String

    init(under parent: String = NSTemporaryDirectory()) throws {
        path = "\(parent)/latchkey-store-\(UUID().uuidString)"
        try Files.makeDirectory(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The store's own folder in it.
    var store: String { "\(path)/sessions" }

    func open(
        layout: FileSessionStore.Options.Layout = .native,
        durability: FileSessionStore.Options.Durability = .identity,
        maximumRecordBytes: Int = 65_536
    ) throws(SessionStoreError) -> FileSessionStore {
        var options = FileSessionStore.Options()
        options.layout = layout
        options.durability = durability
        options.maximumRecordBytes = maximumRecordBytes
        return try FileSessionStore(directory: store, options: options, logger: .silent)
    }

    func fixture(
        layout: FileSessionStore.Options.Layout,
        durability: FileSessionStore.Options.Durability = .identity
    ) -> SessionStoreFixture {
        SessionStoreFixture(
            failingWrites: { body in
                #if DEBUG
                    _ = FaultPlan.with(FaultPlan(.errno(.noSpace), at: 1, of: [.write], lasting: true), body)
                #endif
            },
            exerciser: .init(path: Self.exerciser, arguments: [store, layout.rawValue, durability.rawValue]),
            make: { try self.open(layout: layout, durability: durability) }
        )
    }

    /// All files below the store's folder with their sizes, by relative path, without the store's own standing ones.
    func listing() throws -> [String] {
        let all = FileManager.default.enumerator(atPath: store)?.allObjects.compactMap { $0 as? String } ?? []
        return all.filter { !$0.hasSuffix("locks") && !$0.hasSuffix("format") }.sorted()
    }

    /// Runs the helper program on the store's folder to its end.
    func exercise(_ exercise: [String], layout: FileSessionStore.Options.Layout = .native) throws -> Processes
        .End?
    {
        let process = try Processes.spawn(
            Self.exerciser,
            arguments: [Self.exerciser, store, layout.rawValue, "identity"] + exercise,
            environment: [],
            descriptors: [nil, nil, 2]
        )
        return try Processes.reap(process, wait: true)?.end
    }

    /// The helper program, built beside the tests.
    static let exerciser: String = {
        // The test bundle lies in the folder of products; the runner does not always.
        let bundle = Bundle.allBundles.map(\.bundlePath).first { $0.hasSuffix(".xctest") }
        let folder = bundle.map { ($0 as NSString).deletingLastPathComponent }
        let own = (CommandLine.arguments[0] as NSString).deletingLastPathComponent
        let candidates = [folder, own].compactMap { $0 }.map { "\($0)/store-exerciser" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
    }()
}

extension Logger {
    static var silent: Logger { Logger(label: "store") { _ in SwiftLogNoOpLogHandler() } }
}
