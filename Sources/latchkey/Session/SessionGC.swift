internal import ArgumentParser
internal import Kernel
internal import Sessions
internal import Supervision
internal import Web

/// `latchkey session gc`.
struct SessionGC: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove expired sessions and what dead writers left, now.",
        discussion:
            "A running pool does so by itself. It may be interrupted at any time, and run beside workers."
    )

    @Flag(help: "Write JSON, one line.") var json = false
    @OptionGroup var place: PlaceOptions

    func run() throws {
        let store = try Stores.existing(try place.read())
        let begun = Clocks.monotonicMilliseconds()
        var total = SessionSweepReport()
        do throws(SessionStoreError) {
            var bar = ProgressBar("sweeping", total: try store.count(), now: begun)
            repeat {
                let now = UnixTime(milliseconds: Clocks.wallMilliseconds())
                let report = try store.sweep(now: now, forMilliseconds: 50)
                total.examined += report.examined
                total.removed += report.removed
                total.leftovers += report.leftovers
                total.hasMore = report.hasMore
                total.isBusyElsewhere = report.isBusyElsewhere
                if let text = bar.advance(to: total.examined, now: Clocks.monotonicMilliseconds()) {
                    Console.write(2, text)
                }
            } while total.hasMore && !total.isBusyElsewhere
            Console.write(2, bar.end)
        } catch {
            throw Stores.failure(error)
        }
        if total.isBusyElsewhere {
            throw CommandError(Sysexit.temporary, "another process is sweeping these sessions already")
        }
        tell(total, Clocks.monotonicMilliseconds() - begun)
    }

    private func tell(_ report: SessionSweepReport, _ span: Milliseconds) {
        if json {
            let members: [(String, JSONText)] = [
                ("examined", .integer(Int64(report.examined))), ("removed", .integer(Int64(report.removed))),
                ("leftovers", .integer(Int64(report.leftovers))), ("milliseconds", .integer(span)),
            ]
            return Console.print(JSONText.object(members).text)
        }
        let kept = ProgressBar.grouped(max(report.examined - report.removed, 0))
        Console.print(
            "removed \(ProgressBar.grouped(report.removed)) expired and \(ProgressBar.grouped(report.leftovers)) "
                + "leftovers, kept \(kept) · \(span / 1000).\(span % 1000 / 100) s"
        )
    }
}
