internal import ArgumentParser

/// How a list is written.
struct ListOptions: ParsableArguments {
    @Flag(help: "Write JSON, one line.") var json = false
    @Flag(inversion: .prefixedNo, help: "Write the line of headers.") var headers = true
}
