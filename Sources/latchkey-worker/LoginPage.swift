import AccountsClient
import Kernel
import Logging
import Sessions
import Web

/// `GET /login`, `POST /login`.
struct LoginPage {
    static let prompt = "Please sign in."
    static let rejected = "Invalid username or password."
    static let expired = "This form is too old. Please try again."
    static let foreign = "This request came from another site."

    let site: Site
    let accounts: AccountsClient?
    let tokens: FormTokens
    let logger: Logger

    func show(_ request: Request, _ session: inout Session) throws -> Response {
        let target = ReturnPath(try? request.queryForm().value(ReturnPath.field), site: site)
        if let user = session[.user] {
            let sentence = "You are signed in as \(user)."
            return Page.answer(sentence, request, user: user) {
                Page.response(
                    "Signed in",
                    site,
                    content: """
                        <h1>\(sentence)</h1>
                        <a class="button" href="\(target?.text ?? site.base + "/dashboard")">Go on</a>
                        <form method="post" action="\(site.base)/logout">
                        <input type="hidden" name="\(FormTokens.field)" value="\(tokens.token(for: session))">
                        <button class="secondary">Sign out</button>
                        </form>
                        """
                )
            }
        }
        return form(request, target: target)
    }

    func signIn(_ request: Request, _ session: inout Session) throws -> Response {
        if CrossSite.isForeign(request) { throw HTTPError(.forbidden, Self.foreign) }
        let form = try request.form()
        let target = ReturnPath(try form.value(ReturnPath.field), site: site)
        // A browser's form carries its token. Programs have none, and another site cannot make a browser send what they send.
        if request.representation == .html,
            !tokens.isValidForSignIn(try form.value(FormTokens.field), request)
        {
            return self.form(request, status: .forbidden, problem: Self.expired, target: target)
        }
        guard let name = try form.value("username"), let typed = try form.value("password"), !name.isEmpty
        else {
            throw HTTPError(.badRequest, "username and password are needed.")
        }
        var password = Array(typed.utf8)
        defer { Memory.wipe(&password) }
        switch try verify(name, password, request) {
        case .accepted(let account):
            return try accept(account, request, &session, target)
        case .rejected:
            log("login failed", nil, request)
            return refuse(name, request, target)
        case .held(let seconds):
            log("login held", nil, request)
            return wait(.tooManyRequests, seconds, "Too many failed tries.", request)
        case .busy(let seconds):
            log("login busy", nil, request)
            return wait(.serviceUnavailable, seconds, "Too many sign-ins at this moment.", request)
        }
    }

    private func verify(_ name: String, _ password: [UInt8], _ request: Request) throws -> Verification {
        guard let accounts else {
            logger.error("login impossible", metadata: ["reason": "no --accounts socket was given"])
            throw HTTPError.unavailable("Sign-in is not available at the moment.", retryAfterSeconds: 5)
        }
        do {
            return try accounts.verify(name: name, password: password, address: request.remoteAddress ?? "")
        } catch {
            logger.error("login impossible", metadata: ["reason": "\(error)"])
            throw HTTPError.unavailable("Sign-in is not available at the moment.", retryAfterSeconds: 5)
        }
    }

    private func accept(
        _ account: VerifiedAccount,
        _ request: Request,
        _ session: inout Session,
        _ target: ReturnPath?
    ) throws -> Response {
        let name = account.name.text
        // A new id: whoever knew or planted the old one has nothing. Nothing of the anonymous session goes along.
        try session.regenerate()
        session[.user] = name
        session[.signedIn] = Clocks.wallMilliseconds()
        session[.epoch] = account.epoch
        log("login", name, request)
        var response = Page.answer("Hello, \(name). You have been logged in.", request, user: name) {
            Response.redirect(to: target?.text ?? site.base + "/dashboard")
        }
        Page.makePrivate(&response)
        return response
    }

    private func refuse(_ name: String, _ request: Request, _ target: ReturnPath?) -> Response {
        var response = Page.answer(Self.rejected, request, status: .unauthorized) {
            form(request, status: .unauthorized, problem: Self.rejected, name: name, target: target)
        }
        DashboardPage.challenge(&response, site)
        return response
    }

    private func wait(_ status: HTTPResponse.Status, _ seconds: Int, _ sentence: String, _ request: Request)
        -> Response
    {
        let sentence = "\(sentence) Please try again in \(seconds) s."
        var response = Page.answer(sentence, request, status: status) {
            Page.response(
                "Please wait",
                site,
                status: status,
                content: """
                    <h1>Please wait</h1>
                    <p class="bad" role="alert">\(sentence)</p>
                    <a class="button" href="\(site.base)/login">Back to sign-in</a>
                    """
            )
        }
        response.headers[.retryAfter] = "\(seconds)"
        return response
    }

    private func form(
        _ request: Request,
        status: HTTPResponse.Status = .ok,
        problem: String? = nil,
        name: String = "",
        target: ReturnPath?
    ) -> Response {
        let (token, cookie) = tokens.signInToken(request, path: site.base.isEmpty ? "/" : site.base)
        var response = Page.answer(problem ?? Self.prompt, request, status: status) {
            let notice: HTML =
                problem.map { "<p class=\"bad\" role=\"alert\" id=\"problem\">\($0)</p>" } ?? ""
            let described: HTML = problem == nil ? "" : " aria-describedby=\"problem\""
            // Where there is something to type: behind a wrong password the name stands already.
            let focusName: HTML = name.isEmpty ? " autofocus" : ""
            let focusPassword: HTML = name.isEmpty ? "" : " autofocus"
            let goal: HTML =
                target.map { "<input type=\"hidden\" name=\"\(ReturnPath.field)\" value=\"\($0.text)\">" }
                ?? ""
            return Page.response(
                "Sign in",
                site,
                status: status,
                content: """
                    <h1>Sign in</h1>
                    \(notice)
                    <form method="post" action="\(site.base)/login">
                    <input type="hidden" name="\(FormTokens.field)" value="\(token)">
                    \(goal)
                    <label>Username
                    <input name="username" value="\(name)" autocomplete="username" autocapitalize="none" spellcheck="false" required\(focusName)\(described)></label>
                    <label>Password
                    <input name="password" type="password" autocomplete="current-password" required\(focusPassword)\(described)></label>
                    <button>Sign in</button>
                    </form>
                    """
            )
        }
        if request.representation == .html, let cookie { response.headers.append(cookie) }
        Page.makePrivate(&response)
        return response
    }

    /// A name that did not sign in is not logged: people type passwords there.
    ///
    /// The accounts process logs the names that it knows.
    private func log(_ event: Logger.Message, _ name: String?, _ request: Request) {
        var metadata: Logger.Metadata = [
            "address": "\(request.remoteAddress ?? "-")",
            "site": "\(request.parameters.string("LATCHKEY_SITE") ?? "-")",
        ]
        if let name { metadata["user"] = "\(name)" }
        logger.notice(event, metadata: metadata)
    }
}
