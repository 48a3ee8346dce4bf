import Web

/// How all pages look: one frame, and headers that leave a browser no freedom.
enum Page {
    /// A page of a site.
    ///
    /// - Parameters:
    ///   - title: in front of the site's.
    ///   - site: whose page it is.
    ///   - status: the answer's.
    ///   - content: what stands in the frame.
    /// - Returns: the page, without the headers that `secure` adds.
    static func response(
        _ title: String,
        _ site: Site,
        status: HTTPResponse.Status = .ok,
        content: HTML
    ) -> Response {
        let scheme: HTML
        switch site.theme {
        case .system: scheme = ""
        case .light: scheme = " class=\"light\""
        case .dark: scheme = " class=\"dark\""
        }
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en"\(scheme)>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) · \(site.title)</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="\(site.base)\(Stylesheet.path)">
            </head>
            <body>
            <header><a href="\(site.base)/">\(site.title)</a></header>
            <main>
            \(content)
            </main>
            </body>
            </html>

            """
        return Response.html(page, status: status)
    }

    /// Answers one sentence in the form that the client likes.
    ///
    /// - Parameters:
    ///   - sentence: plain text; the JSON has it as `message`.
    ///   - request: says which form.
    ///   - status: the answer's.
    ///   - user: who is signed in, for the JSON.
    ///   - html: the page, for browsers.
    /// - Returns: the page, the JSON or the sentence.
    static func answer(
        _ sentence: String,
        _ request: Request,
        status: HTTPResponse.Status = .ok,
        user: String? = nil,
        html: () -> Response
    ) -> Response {
        var response: Response
        switch request.representation {
        case .html: response = html()
        case .json:
            var bytes = Array(#"{"message":"#.utf8)
            JSON.appendString(sentence, to: &bytes)
            if let user {
                bytes += #","user":"#.utf8
                JSON.appendString(user, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
            response = .json(bytes, status: status)
        case .text: response = .text(sentence, status: status)
        }
        response.headers.append(.vary, "Accept, Cookie")
        return response
    }

    /// An answer for one visitor's eyes: no cache keeps it, and the back button shows nothing after sign-out.
    static func makePrivate(_ response: inout Response) {
        response.headers[.cacheControl] = "no-store"
    }

    /// What every answer carries, whoever made it.
    ///
    /// `same-origin` and not `no-referrer`: with the latter, browsers send `Origin: null` with our own forms (Fetch, "append a
    /// request Origin header").
    static func secure(_ response: inout Response) {
        response.headers.append(
            .contentSecurityPolicy,
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers.append(.xContentTypeOptions, "nosniff")
        if let name = HTTPField.Name("Referrer-Policy") { response.headers.append(name, "same-origin") }
        if let name = HTTPField.Name("X-Frame-Options") { response.headers.append(name, "DENY") }
        if let name = HTTPField.Name("Cross-Origin-Opener-Policy") {
            response.headers.append(name, "same-origin")
        }
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") {
            response.headers.append(name, "same-origin")
        }
        if !response.headers.contains(.cacheControl) { response.headers[.cacheControl] = "no-store" }
    }
}
