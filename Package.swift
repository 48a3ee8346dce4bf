// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target; `Tests/Architecture` checks what a compiler cannot.
let rules: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .strictMemorySafety(),  // SE-0458
    .treatAllWarnings(as: .error),  // SE-0480
]

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "latchkey",
    products: [
        .library(name: "FastCGI", targets: ["FastCGI"]),
        .library(name: "Web", targets: ["Web"]),
        .library(name: "Sessions", targets: ["Sessions"]),
        .library(name: "SessionStoreTesting", targets: ["SessionStoreTesting"]),
        .executable(name: "latchkey", targets: ["latchkey"]),
        .executable(name: "latchkey-worker", targets: ["latchkey-worker"]),
        .executable(name: "session-lab", targets: ["session-lab"]),
    ],
    dependencies: [
        // `traits: []` leaves FoundationEssentials out of the worker.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CFastCGI", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "CKernel", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "Kernel", dependencies: ["CKernel"], swiftSettings: rules),
        .target(name: "Web", dependencies: [httpTypes], swiftSettings: rules),
        .target(name: "FastCGI", dependencies: ["CFastCGI", "Kernel", "Web", logging], swiftSettings: rules),
        .target(name: "Sessions", dependencies: ["CSodium", "Kernel", "Web", logging], swiftSettings: rules),
        .target(
            name: "SessionStoreTesting",
            dependencies: ["Kernel", "Sessions", "Web"],
            swiftSettings: rules
        ),
        // The worker's side of the accounts question is a target of its own, so that no worker links SQLite or Foundation.
        .target(
            name: "AccountsClient",
            dependencies: ["Kernel"],
            path: "Sources/Accounts/Client",
            swiftSettings: rules
        ),
        .target(
            name: "Accounts",
            dependencies: ["AccountsClient", "CSodium", "Kernel", grdb, logging],
            path: "Sources/Accounts",
            exclude: ["Client"],
            swiftSettings: rules
        ),
        .target(name: "Supervision", dependencies: ["Kernel", logging], swiftSettings: rules),
        .executableTarget(
            name: "latchkey-worker",
            dependencies: ["AccountsClient", "FastCGI", "Kernel", "Sessions", "Web", logging],
            swiftSettings: rules
        ),
        .executableTarget(
            name: "latchkey",
            dependencies: [
                "Accounts", "AccountsClient", "Kernel", "Sessions", "Supervision", "Web", argumentParser,
                logging,
            ],
            swiftSettings: rules
        ),
        // Programs and libraries of the tests.
        .executableTarget(
            name: "session-lab",
            dependencies: ["FastCGI", "Sessions", "Web", logging],
            path: "Tests/Fixtures/SessionLab",
            swiftSettings: rules
        ),
        .executableTarget(
            name: "store-exerciser",
            dependencies: ["Kernel", "Sessions", "SessionStoreTesting", "Web", logging],
            path: "Tests/Fixtures/StoreExerciser",
            swiftSettings: rules
        ),
        .executableTarget(
            name: "hello-worker",
            dependencies: ["FastCGI", "Kernel", "Web", logging],
            path: "Tests/Fixtures/HelloWorker",
            swiftSettings: rules
        ),
        .executableTarget(
            name: "fastcgi-mutate",
            dependencies: ["FastCGIClient", "Kernel"],
            path: "Tests/Fuzz/FastCGIMutate",
            swiftSettings: rules
        ),
        .target(
            name: "FastCGIClient",
            dependencies: ["Kernel"],
            path: "Tests/Fixtures/FastCGIClient",
            swiftSettings: rules
        ),
        .target(
            name: "TestBench",
            dependencies: ["CSodium", "Kernel"],
            path: "Tests/Fixtures/TestBench",
            swiftSettings: rules
        ),

        .testTarget(name: "KernelTests", dependencies: ["Kernel"], swiftSettings: rules),
        .testTarget(name: "WebTests", dependencies: ["Web"], swiftSettings: rules),
        .testTarget(
            name: "FastCGITests",
            dependencies: ["FastCGI", "FastCGIClient", "Kernel", "Web", "hello-worker", logging],
            swiftSettings: rules
        ),
        .testTarget(
            name: "SessionsTests",
            dependencies: ["CSodium", "Kernel", "Sessions", "Web", logging],
            exclude: ["ExpressCases.md"],
            swiftSettings: rules
        ),
        .testTarget(
            name: "SessionStoreTests",
            dependencies: ["Kernel", "Sessions", "SessionStoreTesting", "Web", "store-exerciser", logging],
            swiftSettings: rules
        ),
        .testTarget(
            name: "AccountsTests",
            dependencies: ["Accounts", "AccountsClient", "CSodium", "Kernel", grdb, logging],
            swiftSettings: rules
        ),
        .testTarget(
            name: "SupervisionTests",
            dependencies: ["Kernel", "Supervision", logging],
            swiftSettings: rules
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Kernel", "Sessions", "Supervision", "Web", "latchkey", "latchkey-worker", argumentParser,
                logging,
            ],
            swiftSettings: rules
        ),
        .testTarget(
            name: "ExpressCasesTests",
            dependencies: ["Kernel", "TestBench", "session-lab"],
            path: "Tests/ExpressCases",
            swiftSettings: rules
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "FastCGIClient", "Kernel", "TestBench", "latchkey", "latchkey-worker", "session-lab",
            ],
            path: "Tests/EndToEnd",
            swiftSettings: rules
        ),
        .testTarget(
            name: "BrowserTests",
            dependencies: ["Kernel", "TestBench", "latchkey", "latchkey-worker"],
            path: "Tests/Browser",
            swiftSettings: rules
        ),
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["FastCGI", "Kernel", "SessionStoreTesting", "Sessions", "Web", logging],
            swiftSettings: rules
        ),
        .testTarget(name: "ArchitectureTests", path: "Tests/Architecture", swiftSettings: rules),
    ]
)
