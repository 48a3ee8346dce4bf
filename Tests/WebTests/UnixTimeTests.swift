import Testing
import Web

@Suite struct `A moment` {
    @Test func `prints as JavaScript and HTTP print it`() {
        let time = UnixTime(milliseconds: 1_795_423_237_515)
        #expect(time.iso8601 == "2026-11-23T08:40:37.515Z")
        #expect(time.httpDate == "Mon, 23 Nov 2026 08:40:37 GMT")
        #expect(UnixTime(iso8601: Array("2026-11-23T08:40:37.515Z".utf8)[...]) == time)
    }
}
