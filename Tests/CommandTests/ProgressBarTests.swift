import Testing

@testable import latchkey

@Suite struct `A progress bar` {
    @Test func `shows nothing for the first 300 ms`() {
        var bar = ProgressBar("sweeping", total: 100, now: 0, isTerminal: true)
        #expect(bar.advance(to: 50, now: 299) == nil)
        #expect(bar.end == "")
        #expect(bar.advance(to: 50, now: 300)?.contains("50%") == true)
        #expect(bar.advance(to: 51, now: 399) == nil)
        #expect(bar.advance(to: 52, now: 400)?.contains("52%") == true)
        #expect(bar.end == "\r\u{1B}[K")
    }

    @Test func `is a line every ten seconds where there is no terminal`() {
        var bar = ProgressBar("sweeping", total: 200_000, now: 0, isTerminal: false)
        #expect(bar.advance(to: 1, now: 9_999) == nil)
        #expect(
            bar.advance(to: 142_310, now: 10_000)
                == "sweeping  ███████████████████░░░░░░░░░  71%  142 310 / 200 000  14 k/s  ETA 5 s\n"
        )
        #expect(bar.end == "")
    }

    @Test func `never passes its end, and lives without one`() {
        var bar = ProgressBar("x", total: 10, now: 0, isTerminal: false)
        #expect(bar.advance(to: 12, now: 10_000)?.contains("100%  10 / 10") == true)
        var open = ProgressBar("x", total: 0, now: 0, isTerminal: false)
        #expect(open.advance(to: 5000, now: 10_000) == "x  5 000  500/s\n")
    }
}
