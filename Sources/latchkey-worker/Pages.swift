import AccountsClient
import Logging
import Sessions
import Web

/// The route table: one line a route.
struct Pages: Sendable {
    let accounts: AccountsClient?
    let tokens: FormTokens
    let logger: Logger

    func routes(of site: Site) -> Router<Session> {
        let login = LoginPage(site: site, accounts: accounts, tokens: tokens, logger: logger)
        let logout = LogoutPage(site: site, tokens: tokens, logger: logger)
        var routes = Router<Session>()
        routes.on(.get, site.base + "/") { request, _ in HomePage(site: site).show(request) }
        routes.on(.get, site.base + "/login") { request, session in try login.show(request, &session) }
        routes.on(.post, site.base + "/login") { request, session in try login.signIn(request, &session) }
        routes.on(.get, site.base + "/dashboard") { request, session in
            DashboardPage(site: site, tokens: tokens).show(request, &session)
        }
        routes.on(.get, site.base + "/logout") { request, session in try logout.visit(request, &session) }
        routes.on(.post, site.base + "/logout") { request, session in try logout.signOut(request, &session) }
        routes.on(.get, site.base + Stylesheet.path) { _, _ in Stylesheet.response }
        return routes
    }

    /// Whether a request needs no session: the welcome and the style are the same for all.
    static func isPublic(_ request: Request, _ site: Site) -> Bool {
        let path = request.path
        return path == site.base + "/" || path == site.base + Stylesheet.path
    }
}

extension SessionKey where Value == String {
    /// Who signed in.
    static var user: SessionKey<String> { SessionKey("user") }
}

extension SessionKey where Value == Int64 {
    /// When, in milliseconds since 1970.
    static var signedIn: SessionKey<Int64> { SessionKey("signedIn") }
    /// The account's epoch then; all its sessions end when it grows.
    static var epoch: SessionKey<Int64> { SessionKey("epoch") }
}
