// `fastcgi-mutate SOCKET [COUNT] [SEED] [PID]`: mutated FastCGI streams against a running worker.
//
// Ends with 0 when the worker answered every right request in between. With PID, the worker's memory before and after.
import FastCGIClient
import Glibc
import Kernel

/// The resident set of a process in KiB, or nil.
func residentKilobytes(_ process: String) -> Int? {
    guard let file = try? Files.open("/proc/\(process)/status", .read),
        let bytes = try? Files.readAll(file.number, limit: 65_536)
    else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmRSS:") {
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    }
    return nil
}

let arguments = CommandLine.arguments.dropFirst().map { String($0) }
guard let path = arguments.first else {
    print("usage: fastcgi-mutate SOCKET [COUNT] [SEED] [PID]")
    exit(64)
}
let count = arguments.count > 1 ? Int(arguments[1]) ?? 100_000 : 100_000
let seed =
    (arguments.count > 2
        ? UInt64(arguments[2]) : Processes.environment("LATCHKEY_SEED").flatMap { UInt64($0) })
    ?? UInt64.random(in: 0...UInt64.max)
let process = arguments.count > 3 ? arguments[3] : nil

print("seed \(seed)")
let before = process.flatMap(residentKilobytes)
let start = Clocks.monotonicMilliseconds()
do throws(ClientError) {
    // SIGPIPE would end this program where a worker closes early.
    let totals = try MutationRun(path: path, seed: seed).run(count) { totals in
        guard totals.streams % 20_000 == 0 else { return }
        let memory = process.flatMap(residentKilobytes).map { ", worker \($0) KiB" } ?? ""
        print("\(totals.streams) streams\(memory)")
    }
    let seconds = Double(max(1, Clocks.monotonicMilliseconds() - start)) / 1_000
    print(
        "\(totals.streams) streams in \(seconds) s (\(Int(Double(totals.streams) / seconds))/s): "
            + "\(totals.answered) answered, \(totals.closed) closed, \(totals.sound) right requests served"
    )
    if let before, let after = process.flatMap(residentKilobytes) {
        print("worker \(before) KiB before, \(after) KiB after")
    }
} catch {
    print("failed with seed \(seed): \(error)")
    exit(1)
}
