public import Sessions

/// How a store is made for a check, and what can be done to it.
public struct SessionStoreFixture {
    /// A program that calls `SessionStoreExercise.perform` on the store that `make` made last.
    public struct Exerciser {
        /// The program's file.
        public let path: String
        /// What comes before the exercise on its command line, for example the store's folder.
        public let arguments: [String]

        /// A program.
        public init(path: String, arguments: [String]) {
            self.path = path
            self.arguments = arguments
        }
    }

    /// Makes an empty store.
    public var make: () throws -> any SessionStore
    /// Runs a closure on this thread while every write of the store fails; nil where that cannot be had.
    public var failingWrites: ((() -> Void) -> Void)?
    /// Another process's way to the same store; nil for a store of one process.
    public var exerciser: Exerciser?

    /// A fixture.
    ///
    /// - Parameters:
    ///   - failingWrites: runs a closure while every write fails.
    ///   - exerciser: another process's way to the same store.
    ///   - make: makes an empty store.
    public init(
        failingWrites: ((() -> Void) -> Void)? = nil,
        exerciser: Exerciser? = nil,
        make: @escaping () throws -> any SessionStore
    ) {
        self.make = make
        self.failingWrites = failingWrites
        self.exerciser = exerciser
    }
}
