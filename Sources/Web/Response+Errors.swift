extension Response {
    /// The answer to an error: the one place where errors become answers.
    ///
    /// An ``HTTPError`` answers with its status, fields and sentence, a ``FormError`` with 400, 413 or 415.
    /// Any other error is 500 and tells the client nothing; whoever calls this logs it.
    public init(_ error: any Error) {
        let known: HTTPError
        switch error {
        case let error as HTTPError: known = error
        case let error as FormError: known = error.httpError
        default: known = HTTPError(.internalServerError)
        }
        self = .text(known.message, status: known.status)
        headers.append(contentsOf: known.headers)
    }
}
