import FastCGI
import Logging
import Sessions
import Web

/// Puts the rooms together: site options, sessions, routes, and the headers that every answer carries.
struct Application: Sendable {
    private let sites: Sites
    private let sessions: SessionMiddleware
    private let logger: Logger

    init(
        store: any SessionStore,
        secrets: SessionSecrets,
        pages: Pages,
        limits: SiteOptions.Limits,
        now: @escaping @Sendable () -> UnixTime,
        logger: Logger
    ) {
        let sites = Sites(limits: limits, pages: pages)
        self.sites = sites
        self.logger = logger
        sessions = SessionMiddleware(
            store: store,
            secrets: secrets,
            optionsOf: { (request) throws(SessionError) in try sites.entry(for: request).site.session },
            now: now,
            onError: { error, request in
                ErrorPage.response(error, request, try? sites.entry(for: request).site)
            },
            logger: logger
        )
    }

    var handler: Handler {
        let withSession = sessions { request, session in
            try sites.entry(for: request).routes.respond(to: request, &session)
        }
        return { request in
            var response: Response
            if let site = try? sites.entry(for: request).site, Pages.isPublic(request, site) {
                response = welcome(request, site)
            } else {
                response = try withSession(request)
            }
            Page.secure(&response)
            return response
        }
    }

    /// Signs somebody in, asks each page in each form, and signs out: what is made at its first use is made before the first visitor
    /// comes.
    ///
    /// For an application over a store of its own, whose sessions nobody sees.
    func warmUp() {
        let signIn = sessions { _, session in
            try session.regenerate()
            session[.user] = "warm-up"
            session[.signedIn] = 0
            return .text("")
        }
        for type in ["text/html", "application/json", "*/*"] {
            let lines = (try? signIn(Request(.get, "/login")))?.headers.values(for: .setCookie) ?? []
            let cookie = String(
                decoding: lines.first?.utf8.prefix { $0 != UInt8(ascii: ";") } ?? "".utf8.prefix(0),
                as: UTF8.self
            )
            for cookie in [cookie, "sid=s%3Ax.y"] {
                let headers: [(HTTPField.Name, String)] = [(.accept, type), (.cookie, cookie)]
                for path in [
                    "/", "/login?return_to=/dashboard", "/dashboard", "/latchkey.css", "/absent", "/logout",
                ] {
                    _ = try? handler(Request(.get, path, headers: headers))
                }
                let form = headers + [(.contentType, "application/x-www-form-urlencoded")]
                _ = try? handler(
                    Request(.post, "/login", headers: form, body: Array("username=&password=".utf8))
                )
            }
        }
    }

    /// Answers that are the same for everybody: no store is asked.
    private func welcome(_ request: Request, _ site: Site) -> Response {
        switch request.method {
        case .get, .head:
            return request.path.hasSuffix(Stylesheet.path)
                ? Stylesheet.response : HomePage(site: site).show(request)
        case .options:
            var response = Response(status: .noContent)
            response.headers.append(.allow, "GET, HEAD, OPTIONS")
            return response
        default:
            var error = HTTPError(.methodNotAllowed)
            error.headers.append(.allow, "GET, HEAD, OPTIONS")
            return ErrorPage.response(error, request, site)
        }
    }
}
