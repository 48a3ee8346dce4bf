import Kernel
import Logging
import SessionStoreTesting
import Sessions
import Testing

@Suite struct `Every store` {
    @Test(arguments: SessionStorePromise.allCases)
    func `in memory keeps its promises`(_ promise: SessionStorePromise) throws {
        try promise.check(on: SessionStoreFixture { MemorySessionStore() })
    }

    @Test(arguments: SessionStorePromise.allCases, FileSessionStore.Options.Durability.allCases)
    func `of files keeps its promises`(
        _ promise: SessionStorePromise,
        _ durability: FileSessionStore.Options.Durability
    ) throws {
        let folder = try TemporaryFolder()
        try promise.check(on: folder.fixture(layout: .native, durability: durability))
    }

    @Test(arguments: SessionStorePromise.allCases)
    func `shared with Express keeps its promises`(_ promise: SessionStorePromise) throws {
        let folder = try TemporaryFolder()
        try promise.check(on: folder.fixture(layout: .express))
    }
}
