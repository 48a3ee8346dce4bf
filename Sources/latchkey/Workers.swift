internal import ArgumentParser
internal import Supervision

/// `latchkey workers`.
struct Workers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The worker processes of a running pool.",
        subcommands: [WorkersList.self, WorkersScale.self, WorkersRestart.self]
    )
}

/// `latchkey workers list`.
struct WorkersList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Workers and services, a line each."
    )

    @OptionGroup var list: ListOptions
    @OptionGroup var control: ControlOptions

    func run() throws {
        let status = PoolStatus(try control.ask(.status))
        if list.json {
            Console.print(JSONText.array(status.children.map(\.json)).text)
            return
        }
        var table = Table(["CHILD", "PID", "STATE", "UP"])
        for child in status.children {
            table.add([child.title, "\(child.process)", child.state, TimeWords.length(child.up)])
        }
        table.print(headers: list.headers)
    }
}

/// `latchkey workers scale`.
struct WorkersScale: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Run so many workers from now on; until the next start, the file is not changed."
    )

    @Argument(help: "1 to 64.") var count: Int
    @OptionGroup var control: ControlOptions

    func validate() throws {
        guard WorkerPoolOptions.workerRange.contains(count) else {
            throw ValidationError("a pool has 1 to 64 workers, not \(count)")
        }
    }

    func run() throws {
        _ = try control.ask(.scale(to: count))
        Console.say("workers: \(count)")
    }
}

/// `latchkey workers restart`.
struct WorkersRestart: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Replace each worker by a new one, which serves before the old one goes; the same as HUP.",
        discussion:
            "The configuration is read again; one that is wrong is refused, and the old workers go on."
    )

    @OptionGroup var control: ControlOptions

    func run() throws {
        _ = try control.ask(.restart)
        Console.say("restarting; latchkey workers list shows it")
    }
}
