internal import Supervision

/// What a command could not do, told so that one can act on it.
struct CommandError: Error, Equatable {
    /// The exit code, of `Sysexit`.
    let code: Int32
    /// What did not work and where, one sentence.
    let what: String
    /// Why, as far as it is known; a line each.
    var why: [String] = []
    /// What to do next.
    var next: String?

    init(_ code: Int32, _ what: String, why: [String] = [], next: String? = nil) {
        self.code = code
        self.what = what
        self.why = why
        self.next = next
    }

    /// Of several mistakes in a configuration.
    static func configuration(_ what: String, _ problems: [String], next: String? = nil) -> CommandError {
        CommandError(Sysexit.configuration, what, why: problems, next: next)
    }
}
