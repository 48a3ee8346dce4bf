/// What a supervised child runs.
public struct Program: Sendable {
    /// The program's file; no search.
    public var path: String
    /// From argv[1] on.
    public var arguments: [String]
    /// `NAME=VALUE` lines.
    public var environment: [String]
    /// What becomes descriptor 0; nil is /dev/null.
    ///
    /// Descriptors 1 and 2 are our standard error: a child says nothing on our
    /// standard output, which belongs to data.
    public var input: Int32?
    /// The working directory; nil is ours.
    public var directory: String?

    /// A program.
    public init(
        _ path: String,
        _ arguments: [String],
        environment: [String],
        input: Int32?,
        directory: String? = nil
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.directory = directory
    }
}
