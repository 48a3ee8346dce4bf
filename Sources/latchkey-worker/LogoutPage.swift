import Logging
import Sessions
import Web

/// `GET /logout`, `POST /logout`.
struct LogoutPage {
    static let done = "You have been logged out."
    static let none = "No active session found."
    static let failed = "Error logging out"

    let site: Site
    let tokens: FormTokens
    let logger: Logger

    /// A link of this site, or a typed address, signs out; one that another site placed shows a button.
    func visit(_ request: Request, _ session: inout Session) throws -> Response {
        guard CrossSite.isForeign(request), session.isPresent, !session.isNew else {
            return end(request, &session)
        }
        let token = tokens.token(for: session)
        var response = Page.answer("Send a POST to sign out.", request) {
            Page.response(
                "Sign out",
                site,
                content: """
                    <h1>Sign out?</h1>
                    <p>Another site sent you here.</p>
                    <form method="post" action="\(site.base)/logout">
                    <input type="hidden" name="\(FormTokens.field)" value="\(token)">
                    <button>Sign out</button>
                    </form>
                    <a class="button secondary" href="\(site.base)/dashboard">Stay signed in</a>
                    """
            )
        }
        Page.makePrivate(&response)
        return response
    }

    func signOut(_ request: Request, _ session: inout Session) throws -> Response {
        if CrossSite.isForeign(request) { throw HTTPError(.forbidden, LoginPage.foreign) }
        if request.representation == .html, !session.isNew, session.isPresent {
            let token = request.body.isEmpty ? nil : try request.form().value(FormTokens.field)
            guard tokens.isValid(token, for: session) else { throw HTTPError(.forbidden, LoginPage.expired) }
        }
        return end(request, &session)
    }

    private func end(_ request: Request, _ session: inout Session) -> Response {
        guard session.isPresent, !session.isNew else { return say(Self.none, request) }
        let user = session[.user]
        do throws(SessionError) {
            try session.destroy()
        } catch {
            logger.error("logout failed", metadata: ["error": "\(error)"])
            var response = say(Self.failed, request, status: .serviceUnavailable)
            response.headers[.retryAfter] = "2"
            return response
        }
        logger.notice(
            "logout",
            metadata: ["user": "\(user ?? "-")", "address": "\(request.remoteAddress ?? "-")"]
        )
        var response = say(Self.done, request)
        let path = site.base.isEmpty ? "/" : site.base
        if request.representation == .html, let cookie = tokens.signOutCookie(request, path: path) {
            response.headers.append(cookie)
        }
        return response
    }

    private func say(_ sentence: String, _ request: Request, status: HTTPResponse.Status = .ok) -> Response {
        var response = Page.answer(sentence, request, status: status) {
            let kind: HTML = status == .ok ? "" : " class=\"bad\" role=\"alert\""
            return Page.response(
                "Signed out",
                site,
                status: status,
                content: """
                    <h1\(kind)>\(sentence)</h1>
                    <a class="button" href="\(site.base)/login">Sign in</a>
                    """
            )
        }
        Page.makePrivate(&response)
        return response
    }
}
