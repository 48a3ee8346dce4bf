internal import ArgumentParser
internal import Kernel
internal import Supervision

/// `latchkey status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Whether the pool runs, and how many workers serve.",
        discussion: "Ends with 69 when it does not run."
    )

    @Flag(help: "Write JSON, one line.") var json = false
    @OptionGroup var control: ControlOptions

    func run() throws {
        let status = PoolStatus(try control.ask(.status))
        if json {
            Console.print(status.json.text)
            return
        }
        Console.print("pool      pid \(status.process)   up \(TimeWords.length(status.up))")
        Console.print("workers   \(status.workers) of \(status.target) serve")
        for service in status.children where service.kind == "service" {
            Console.print(
                "\(service.name)  \(service.state), pid \(service.process), up \(TimeWords.length(service.up))"
            )
        }
    }
}
