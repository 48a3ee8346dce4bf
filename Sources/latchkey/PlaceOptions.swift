internal import ArgumentParser
internal import Supervision

/// Which installation a command works on.
struct PlaceOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationOption
    @Option(
        help: ArgumentHelp("The folder of a latchkey dev, instead of a configuration.", valueName: "folder"),
        completion: .directory
    )
    var state: String?

    func validate() throws {
        if state != nil, file.config != nil {
            throw ValidationError("--state and --config both say where to look; give one of them")
        }
    }

    /// The settings of the place.
    func read() throws(CommandError) -> Configuration {
        guard let state else { return try file.read() }
        return DevFolder.existing(state).configuration
    }
}
