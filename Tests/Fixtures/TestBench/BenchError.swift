/// Why a test's surroundings could not be set up, or did not answer.
public struct BenchError: Error, CustomStringConvertible {
    /// What went wrong, and what the programs said meanwhile.
    public let description: String

    /// An error that says this.
    public init(_ description: String) { self.description = description }
}
