/// What answers a request; a middleware is a function from one handler to another.
///
/// A handler is called from several threads at once, each with a request of its own. What it throws becomes
/// an answer in one place: ``Response/init(_:)``.
public typealias Handler = @Sendable (Request) throws -> Response
