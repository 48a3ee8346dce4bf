import Accounts
import AccountsClient
import Testing

@Suite struct `a login over the socket` {
    @Test func `the right password is accepted, and the canonical name comes back`() throws {
        let house = try AccountsHouse()
        try house.add("johnDoe", "password123")
        try house.serving { client in
            let verification = try client.verify(
                name: "johnDoe",
                password: Array("password123".utf8),
                address: "192.0.2.1"
            )
            guard case .accepted(let account) = verification else {
                Issue.record("\(verification)")
                return
            }
            #expect(account.name.text == "johnDoe")
            #expect(account.epoch == house.clock.now)
        }
    }
}
