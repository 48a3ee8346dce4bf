import Sessions
import Web

/// `GET /dashboard`.
struct DashboardPage {
    static let denied = "Access denied. Please log in first."

    let site: Site
    let tokens: FormTokens

    func show(_ request: Request, _ session: inout Session) -> Response {
        guard let user = session[.user] else { return deny(request) }
        let sentence = "Welcome back, \(user)"
        let since = session[.signedIn].map { UnixTime(milliseconds: $0).httpDate } ?? ""
        let token = tokens.token(for: session)
        var response = Page.answer(sentence, request, user: user) {
            Page.response(
                "Dashboard",
                site,
                content: """
                    <h1>\(sentence)</h1>
                    <dl>
                    <dt>Signed in</dt><dd>\(since)</dd>
                    </dl>
                    <form method="post" action="\(site.base)/logout">
                    <input type="hidden" name="\(FormTokens.field)" value="\(token)">
                    <button>Sign out</button>
                    </form>
                    """
            )
        }
        Page.makePrivate(&response)
        return response
    }

    private func deny(_ request: Request) -> Response {
        var response = Page.answer(Self.denied, request, status: .unauthorized) {
            Response.redirect(to: site.base + "/login" + ReturnPath.query(request.target))
        }
        if response.status == .unauthorized { Self.challenge(&response, site) }
        Page.makePrivate(&response)
        return response
    }

    /// A 401 says how to sign in (RFC 9110, 15.5.2); the scheme is one that no browser opens a dialog for.
    static func challenge(_ response: inout Response, _ site: Site) {
        response.headers.append(.wwwAuthenticate, "FormBased login=\"\(site.base)/login\"")
    }
}
