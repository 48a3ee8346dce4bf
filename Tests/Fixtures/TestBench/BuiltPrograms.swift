internal import Foundation

/// Where the programs are that the tests run.
public enum BuiltPrograms {
    /// The folder of the build under test: `$LATCHKEY_BUILD`, or where the tests themselves were built.
    public static let folder: String = {
        if let folder = ProcessInfo.processInfo.environment["LATCHKEY_BUILD"], !folder.isEmpty {
            return folder
        }
        // The test bundle lies in the folder of products; the program that runs it does not always.
        if let bundle = Bundle.allBundles.map(\.bundlePath).first(where: { $0.hasSuffix(".xctest") }) {
            return (bundle as NSString).deletingLastPathComponent
        }
        return (CommandLine.arguments[0] as NSString).deletingLastPathComponent
    }()

    /// The folder of a release build: `$LATCHKEY_RELEASE`, or `release` beside the build under test; nil when there is none.
    public static let releaseFolder: String? = {
        let environment = ProcessInfo.processInfo.environment
        let beside = (folder as NSString).deletingLastPathComponent + "/release"
        let candidates = [environment["LATCHKEY_RELEASE"], beside, "\(packageFolder)/.build/release"]
        return candidates.compactMap { $0 }.first {
            FileManager.default.isExecutableFile(atPath: "\($0)/latchkey-worker")
        }
    }()

    /// The folder of the package, found from this file's place in it.
    public static let packageFolder: String = {
        var folder = (#filePath as NSString).resolvingSymlinksInPath as NSString
        for _ in 0..<4 { folder = folder.deletingLastPathComponent as NSString }
        return folder as String
    }()

    /// The file of a program that the package builds.
    public static func path(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchError(
                "\(path) is missing: swift build --product \(name), or name the folder: LATCHKEY_BUILD=DIR"
            )
        }
        return path
    }

    /// The file of a program of the system.
    public static func system(_ name: String) throws -> String {
        let listed = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(
            String.init
        )
        for folder in listed + ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw BenchError("\(name) is not installed: Tests/run installs what the tests need")
    }
}
