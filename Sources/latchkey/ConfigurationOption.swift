internal import ArgumentParser
internal import Kernel
internal import Supervision

/// Where the configuration is.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration file. (default: \(ConfigurationFile.standardPath), if it exists)",
            valueName: "file"
        ),
        completion: .file()
    )
    var config: String?

    /// Reads the file, puts the flags over it, and complains of everything that is wrong at once.
    func read(_ flags: [WrittenSetting] = []) throws(CommandError) -> Configuration {
        let path = config ?? ConfigurationFile.standardPath
        let file = try ConfigurationFile.read(path)
        if file == nil, config != nil {
            throw CommandError(Sysexit.configuration, "there is no configuration file \(path)")
        }
        var flagProblems: [ConfigurationProblem] = []
        _ = Configuration(flags, problems: &flagProblems)
        if !flagProblems.isEmpty {
            throw CommandError(
                Sysexit.usage,
                "the command line is wrong",
                why: flagProblems.map(\.text),
                next: "latchkey serve --help"
            )
        }
        var problems = file?.problems ?? []
        // A flag wins over the file's line, and yet a line that is wrong is said to be.
        let configuration = Configuration((file?.settings ?? []) + flags, problems: &problems)
        problems.sort { $0.line < $1.line }
        guard problems.isEmpty else {
            throw .configuration(
                "the configuration is wrong",
                problems.map(\.text),
                next: "mend it, then: latchkey check-config"
            )
        }
        return configuration
    }
}
