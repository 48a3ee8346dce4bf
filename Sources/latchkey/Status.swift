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
        var table = Table(["", ""])
        table.add(["pool", "pid \(status.process), up \(TimeWords.length(status.up))"])
        table.add(["workers", "\(status.workers) of \(status.target) serve"])
        for service in status.children where service.kind == "service" {
            let up = TimeWords.length(service.up)
            table.add([service.name, "\(service.state), pid \(service.process), up \(up)"])
        }
        table.print(headers: false)
    }
}
