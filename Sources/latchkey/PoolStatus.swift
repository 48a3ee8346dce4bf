/// What a supervisor says of itself over its control socket.
struct PoolStatus: Equatable {
    /// A worker or a service.
    struct Child: Equatable {
        var kind = ""
        var name = ""
        var process: Int64 = 0
        var state = ""
        var up: Int64 = 0

        var title: String { kind == "worker" ? "worker \(name)" : name }

        var json: JSONText {
            .object([
                ("kind", .string(kind)), ("name", .string(name)), ("pid", .integer(process)),
                ("state", .string(state)), ("upMilliseconds", .integer(up)),
            ])
        }
    }

    private(set) var process: Int64 = 0
    private(set) var up: Int64 = 0
    private(set) var workers: Int64 = 0
    private(set) var target: Int64 = 0
    private(set) var children: [Child] = []

    /// Reads lines of `KIND`, tab, `name=value`, tab, …; what is unknown is passed over, so that an older command reads a newer
    /// supervisor.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            guard let kind = fields.first else { continue }
            var values: [Substring: Substring] = [:]
            for field in fields.dropFirst() {
                guard let sign = field.firstIndex(of: "=") else { continue }
                values[field[..<sign]] = field[field.index(after: sign)...]
            }
            func number(_ name: Substring) -> Int64 { values[name].flatMap { Int64($0) } ?? 0 }
            switch kind {
            case "pool":
                process = number("pid")
                up = number("up")
                workers = number("workers")
                target = number("target")
            case "worker", "service":
                children.append(
                    Child(
                        kind: String(kind),
                        name: String(values["name"] ?? ""),
                        process: number("pid"),
                        state: String(values["state"] ?? ""),
                        up: number("up")
                    )
                )
            default: continue
            }
        }
    }

    var json: JSONText {
        .object([
            ("pid", .integer(process)), ("upMilliseconds", .integer(up)), ("workers", .integer(workers)),
            ("target", .integer(target)), ("children", .array(children.map(\.json))),
        ])
    }
}
