/// Signs short texts for one purpose, with the secrets that sign cookies: form tokens and the like.
///
/// What was signed for one purpose does not verify for another, nor as a session cookie, because the purpose stands in what is
/// signed in front of a NUL, which no id has.
public struct TokenSigner: Sendable {
    private let signer: CookieSigner
    private let purpose: [UInt8]

    /// A signer.
    ///
    /// - Parameters:
    ///   - secrets: the first signs, all verify.
    ///   - purpose: a name of the program's own, without NUL.
    public init(_ secrets: SessionSecrets, purpose: String) {
        signer = CookieSigner(secrets)
        self.purpose = Array("latchkey \(purpose)".utf8) + [0]
    }

    /// The signature of a text: 43 characters of the alphabet `A-Z a-z 0-9 + /`.
    public func sign(_ text: String) -> String {
        var bytes: [UInt8] = []
        signer.appendSignature(of: purpose + text.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether one of the secrets made this signature of this text; takes as long for a wrong one as for a right one.
    public func verify(_ signature: String, of text: String) -> Bool {
        signer.verify((purpose + text.utf8 + [UInt8(ascii: ".")] + signature.utf8)[...]) != nil
    }

    /// 128 random bits in 22 characters of the alphabet `A-Z a-z 0-9 - _`.
    public static func nonce() -> String {
        String(SessionID.random().utf8.prefix(22).map { Character(Unicode.Scalar($0)) })
    }

    /// Whether a text looks like `nonce()`'s.
    public static func isNonce(_ text: String) -> Bool {
        text.utf8.count == 22 && SessionID.isPlain(text.utf8)
    }
}
