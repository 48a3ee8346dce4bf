import Sessions
import Web

/// Proof that a form was made for the browser that sends it (CSRF).
///
/// A token is the signature of something that only this browser has: the id of its session, or, before there is one, the value
/// of a cookie that the sign-in page sets. So the sign-in page stores nothing, and every tab's form is good.
struct FormTokens: Sendable {
    static let field = "token"
    private static let cookieName = "latchkey-form"

    private let signer: TokenSigner

    init(_ secrets: SessionSecrets) { signer = TokenSigner(secrets, purpose: "form") }

    /// A token for a form that is shown to somebody who is signed in.
    func token(for session: borrowing Session) -> String { signer.sign("session " + session.id) }

    func isValid(_ token: String?, for session: borrowing Session) -> Bool {
        token.map { signer.verify($0, of: "session " + session.id) } ?? false
    }

    /// A token for the sign-in form, and the cookie that goes with it; an older cookie is taken on, so that other tabs stay good.
    func signInToken(_ request: Request, path: String) -> (token: String, cookie: SetCookie?) {
        if let nonce = nonce(request) { return (signer.sign("sign-in " + nonce), nil) }
        let nonce = TokenSigner.nonce()
        let name = Self.cookieName(request)
        let cookie = try? SetCookie(
            name: name,
            value: nonce,
            path: request.isSecure ? "/" : path,
            httpOnly: true,
            secure: request.isSecure,
            sameSite: .lax
        )
        return (signer.sign("sign-in " + nonce), cookie)
    }

    /// The sign-in form's cookie once more, with the value that it has, so that forms in other tabs stay good.
    ///
    /// Browsers put a page that a sign-out must hide away for their back button, and drop it when an HttpOnly cookie changes; Chromium
    /// does not count the removal of a cookie that came with the redirect to that page. This one it counts.
    func signOutCookie(_ request: Request, path: String) -> SetCookie? {
        try? SetCookie(
            name: Self.cookieName(request),
            value: nonce(request) ?? TokenSigner.nonce(),
            path: request.isSecure ? "/" : path,
            httpOnly: true,
            secure: request.isSecure,
            sameSite: .lax
        )
    }

    func isValidForSignIn(_ token: String?, _ request: Request) -> Bool {
        guard let token, let nonce = nonce(request) else { return false }
        return signer.verify(token, of: "sign-in " + nonce)
    }

    private func nonce(_ request: Request) -> String? {
        for value in request.cookies.values(named: Array(Self.cookieName(request).utf8)) {
            let text = String(decoding: value, as: UTF8.self)
            if TokenSigner.isNonce(text) { return text }
        }
        return nil
    }

    private static func cookieName(_ request: Request) -> String {
        request.isSecure ? "__Host-" + cookieName : cookieName
    }
}
