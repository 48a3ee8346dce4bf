// Opens a file store and does one exercise on it, for checks over processes: FOLDER LAYOUT DURABILITY EXERCISE…
internal import Glibc
internal import Kernel
internal import Logging
internal import SessionStoreTesting
internal import Sessions

let arguments = CommandLine.arguments
guard arguments.count > 4, let layout = FileSessionStore.Options.Layout(rawValue: arguments[2]),
    let durability = FileSessionStore.Options.Durability(rawValue: arguments[3])
else { Processes.exit(64) }
var exercise = Array(arguments[4...])
if exercise.first == "with-umask", exercise.count > 2, let mask = UInt32(exercise[1], radix: 8) {
    umask(mask)
    exercise.removeFirst(2)
    exercise = ["perform"] + exercise
}
var options = FileSessionStore.Options()
options.layout = layout
options.durability = durability
do {
    let logger = Logger(label: "store-exerciser") { _ in SwiftLogNoOpLogHandler() }
    let store = try FileSessionStore(directory: arguments[1], options: options, logger: logger)
    Processes.exit(Exercise.run(exercise, on: store))
} catch {
    Processes.exit(1)
}
