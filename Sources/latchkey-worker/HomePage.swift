import Web

/// `GET /`: the welcome.
struct HomePage {
    static let sentence = "Welcome! Session demo is working."

    let site: Site

    func show(_ request: Request) -> Response {
        Page.answer(Self.sentence, request) {
            Page.response(
                "Welcome",
                site,
                content: """
                    <h1>\(Self.sentence)</h1>
                    <a class="button" href="\(site.base)/login">Sign in</a>
                    <a class="button secondary" href="\(site.base)/dashboard">Dashboard</a>
                    """
            )
        }
    }
}
