public import Logging
public import Web

/// Lends a session to a handler: loads it before, stores it after, and answers only then.
///
/// ```swift
/// let sessions = SessionMiddleware(store: store, secrets: secrets, now: now)
/// let app = sessions { request, session in
///     session[.views, default: 0] += 1
///     return .text("seen \(session[.views] ?? 0) times")
/// }
/// ```
///
/// No `Set-Cookie`, and no byte of an answer, leaves before the store said yes. A store that fails is a 503, never "no session".
public struct SessionMiddleware: Sendable {
    /// What a handler of sessions looks like.
    public typealias Endpoint = @Sendable (Request, inout Session) throws -> Response

    private let store: any SessionStore
    private let signer: CookieSigner?
    private let options: @Sendable (Request) throws(SessionError) -> SessionOptions
    private let ids: SessionIDGenerator
    private let now: @Sendable () -> UnixTime
    private let onError: @Sendable (any Error, Request) -> Response
    private let onEvent: @Sendable (SessionEvent) -> Void
    private let logger: Logger
    /// What happened since the start.
    public let counters = SessionCounters()

    /// A middleware with the same options for every request.
    ///
    /// - Parameters:
    ///   - store: where the records are.
    ///   - secrets: the first signs, all verify. Nil answers every request that needs one with 500, as express-session does.
    ///   - options: the session settings.
    ///   - generateID: makes ids; the default is 192 random bits.
    ///   - now: the wall clock.
    ///   - onError: turns what a handler threw, and `SessionError`, into an answer; the default tells clients no details.
    ///   - onEvent: is told of sessions created, destroyed and found expired, on the request's thread; it should be quick.
    ///   - logger: gets one line for each failure of the store and each cookie that could not be sent.
    public init(
        store: any SessionStore,
        secrets: SessionSecrets?,
        options: SessionOptions = SessionOptions(),
        generateID: SessionIDGenerator = .random,
        now: @escaping @Sendable () -> UnixTime,
        onError: @escaping @Sendable (any Error, Request) -> Response = SessionMiddleware.answer,
        onEvent: @escaping @Sendable (SessionEvent) -> Void = { _ in },
        logger: Logger = Logger(label: "sessions")
    ) {
        self.init(
            store: store,
            secrets: secrets,
            optionsOf: { (_) throws(SessionError) in options },
            generateID: generateID,
            now: now,
            onError: onError,
            onEvent: onEvent,
            logger: logger
        )
    }

    /// A middleware whose options depend on the request: on the site that it came through, for example.
    ///
    /// - Parameters:
    ///   - store: where the records are.
    ///   - secrets: the first signs, all verify.
    ///   - options: called once a request, so it must be cheap and without side effects; `SiteOptions.Cache` is.
    ///   - generateID: makes ids.
    ///   - now: the wall clock.
    ///   - onError: turns failures into answers.
    ///   - onEvent: is told of sessions created, destroyed and found expired.
    ///   - logger: gets one line for each failure.
    public init(
        store: any SessionStore,
        secrets: SessionSecrets?,
        optionsOf options: @escaping @Sendable (Request) throws(SessionError) -> SessionOptions,
        generateID: SessionIDGenerator = .random,
        now: @escaping @Sendable () -> UnixTime,
        onError: @escaping @Sendable (any Error, Request) -> Response = SessionMiddleware.answer,
        onEvent: @escaping @Sendable (SessionEvent) -> Void = { _ in },
        logger: Logger = Logger(label: "sessions")
    ) {
        self.store = store
        signer = secrets.map(CookieSigner.init)
        self.options = options
        ids = generateID
        self.now = now
        self.onError = onError
        self.onEvent = onEvent
        self.logger = logger
    }

    /// Wraps a handler of sessions into one of requests.
    public func callAsFunction(_ endpoint: @escaping Endpoint) -> Handler {
        { request in respond(to: request, endpoint) }
    }

    /// The default of `onError`: the status that fits, in plain text, with `Retry-After` where trying again helps.
    public static func answer(_ error: any Error, _ request: Request) -> Response {
        guard let error = error as? SessionError else { return Response(error) }
        var response = Response.text(error.message + "\n", status: error.status)
        if error.status == .serviceUnavailable { response.headers[.retryAfter] = "2" }
        return response
    }

    /// Steps 4 to 11 of 12, from the options to the cookie.
    func respond(to request: Request, _ endpoint: Endpoint) -> Response {
        do throws(SessionError) {
            let options = try options(request)
            guard let exchange = try gate(request, options) else {
                return withoutSession(request, options, endpoint)
            }
            return try respond(to: request, options, exchange, endpoint)
        } catch {
            return failure(error, request)
        }
    }

    private func failure(_ error: SessionError, _ request: Request) -> Response {
        if case .store = error.code { counters.count(.failed) }
        logger.error("no session for a request", metadata: ["error": "\(error)"])
        return onError(error, request)
    }

    /// Whether the request lies in the cookie's path, and there is a secret; nil outside of the path.
    private func gate(_ request: Request, _ options: SessionOptions) throws(SessionError)
        -> SessionCookieExchange?
    {
        guard SessionMiddleware.covers(options, request.pathBytes) else { return nil }
        guard let signer else { throw SessionError(.secretRequired, "secret option required for sessions") }
        return SessionCookieExchange(signer: signer, options: options, acceptsAnyID: !ids.isRandom)
    }

    /// express-session takes any path that begins so; `strict` takes `/foo` and what lies below, not `/foobar` (RFC 6265, 5.1.4).
    static func covers(_ options: SessionOptions, _ path: ArraySlice<UInt8>) -> Bool {
        let prefix = options.cookie.path.utf8
        guard path.starts(with: prefix) else { return false }
        if options.profile == .express || prefix.last == UInt8(ascii: "/") { return true }
        let rest = path.dropFirst(prefix.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }

    private func withoutSession(_ request: Request, _ options: SessionOptions, _ endpoint: Endpoint)
        -> Response
    {
        var session = Session(context(request, options), state: .outsidePath, id: "", now: now())
        session.isPresent = false
        do { return try endpoint(request, &session) } catch { return onError(error, request) }
    }

    private func context(_ request: Request, _ options: SessionOptions) -> SessionContext {
        SessionContext(
            store: store,
            traits: store.traits,
            options: options,
            ids: ids,
            clock: now,
            logger: logger,
            counters: counters,
            onEvent: onEvent,
            request: request,
            isSecure: request.isSecure(for: options)
        )
    }

    private func respond(
        to request: Request,
        _ options: SessionOptions,
        _ exchange: SessionCookieExchange,
        _ endpoint: Endpoint
    ) throws(SessionError) -> Response {
        let context = context(request, options)
        let name = exchange.name(isSecure: context.isSecure)
        var session = try open(context, exchange, name)
        var response: Response
        var handlerFailed = false
        do {
            // Step 7 of 12: route and page. Step 8 of 12: the response comes back as a value.
            response = try endpoint(request, &session)
        } catch {
            handlerFailed = true
            if !(error is HTTPError) { logger.error("a handler failed", metadata: ["error": "\(error)"]) }
            response = onError(error, request)
        }
        defer { session.releaseLease() }
        if let failure = session.failure { throw failure }
        let end = now()
        let commit = session.decide(handlerFailed: handlerFailed, now: end)
        try session.perform(commit.store, now: end)
        send(commit.cookie, of: session, exchange, name, &response)
        return response
    }

    private func open(
        _ context: SessionContext,
        _ exchange: SessionCookieExchange,
        _ name: String
    ) throws(SessionError) -> Session {
        let start = now()
        var found: Session?
        var state = SessionState.new
        var verifiedID: String?
        let cookies = try exchange.read(context.request, name: name) { (candidate) throws(SessionError) in
            verifiedID = verifiedID ?? candidate.id
            switch try Session.find(context, id: candidate.id, now: start) {
            case .session(var session):
                session.signatureIsOld = candidate.signatureIsOld
                found = consume session
                return true
            case .expired: state = .expired
            case .absent: if state == .new { state = .revoked }
            }
            return false
        }
        if cookies.tampered { counters.count(.refused) }
        if var session = found.take() {
            session.broughtCookie = true
            return session
        }
        if cookies.tampered, state == .new { state = .tampered }
        var session = Session(context, state: state, id: context.ids.generate(context.request), now: start)
        session.broughtCookie = cookies.brought
        // In express-session the id of a verified cookie counts as the request's own, even when a new one was made.
        session.cookieID = verifiedID
        return session
    }

    /// Step 11 of 12: session cookie out.
    private func send(
        _ action: SessionCommit.CookieAction,
        of session: borrowing Session,
        _ exchange: SessionCookieExchange,
        _ name: String,
        _ response: inout Response
    ) {
        // The session may have gone between the decision and the store's word: then its cookie is dead.
        var action = action
        if action != .expire, !session.isPresent, session.isDestroyed {
            action = session.options.profile == .strict && session.broughtCookie ? .expire : .nothing
        }
        // A renewed id is always sent.
        if action == .nothing, session.isPresent, session.isStored, session.id != session.originalID,
            !session.isForwarded,
            session.renewalIsDue
        {
            action = .set
        }
        guard action != .nothing else { return }
        do {
            let cookie =
                action == .set
                ? try exchange.cookie(session, name: name) : try exchange.removal(session, name: name)
            response.headers.append(cookie)
        } catch {
            logger.error("a session's cookie cannot be sent", metadata: ["error": "\(error)"])
            return
        }
        guard session.options.profile == .strict else { return }
        if !response.headers.contains(.cacheControl) { response.headers[.cacheControl] = "no-store" }
        response.headers.append(.vary, "Cookie")
    }
}
