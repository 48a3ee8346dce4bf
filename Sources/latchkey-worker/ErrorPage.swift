import Sessions
import Web

/// What every failure becomes, in the form that the client likes; the one place where errors become answers.
enum ErrorPage {
    static func response(_ error: any Error, _ request: Request, _ site: Site?) -> Response {
        var plain: Response
        var sentence: String
        switch error {
        case let error as SessionError:
            plain = SessionMiddleware.answer(error, request)
            // What is wrong with a site's options is the operator's to know: it stands in the log.
            sentence =
                error.code == .options
                ? "This site is not set up rightly." : "Something went wrong. Please try again."
            if error.status == .serviceUnavailable {
                sentence = "The session store is not available. Please try again."
            }
        case let error as HTTPError:
            plain = Response(error)
            sentence = error.message
        default:
            plain = Response(error)
            sentence = plain.status.reasonPhrase
        }
        if let site {
            let detail: HTML =
                sentence == plain.status.reasonPhrase ? "" : "<p class=\"bad\" role=\"alert\">\(sentence)</p>"
            var response = Page.answer(sentence, request, status: plain.status) {
                Page.response(
                    plain.status.reasonPhrase,
                    site,
                    status: plain.status,
                    content: """
                        <h1>\(plain.status.reasonPhrase)</h1>
                        \(detail)
                        <a class="button" href="\(site.base)/login">Sign in</a>
                        """
                )
            }
            for name in [HTTPField.Name.allow, .retryAfter] {
                if let value = plain.headers[name] { response.headers[name] = value }
            }
            return response
        }
        plain.body = Array(sentence.utf8)
        return plain
    }
}
