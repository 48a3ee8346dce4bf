/// A table of paths and methods, built once and then only read.
///
/// What an endpoint needs besides the request is its context, which the caller lends: a `Router<Session>` can
/// only be run by someone who has a session. Paths are compared byte for byte and are never normalised. A
/// path that ends in `/*` stands for everything below it; whole paths come first, then the longest of those.
public struct Router<Context: ~Copyable>: Sendable {
    /// What answers one method of one path.
    public typealias Endpoint = @Sendable (Request, inout Context) throws -> Response

    private struct Route: Sendable {
        var path: [UInt8]
        var isPrefix: Bool
        var endpoints: [(method: HTTPRequest.Method, endpoint: Endpoint)] = []
    }

    private var routes: [Route] = []

    /// A table without routes: everything is 404.
    public init() {}

    /// Adds an endpoint; one that was there for the same method and path is replaced.
    ///
    /// GET also answers HEAD, unless HEAD has an endpoint of its own; the writer leaves the body out.
    public mutating func on(_ method: HTTPRequest.Method, _ path: String, _ endpoint: @escaping Endpoint) {
        let isPrefix = path.hasSuffix("/*")
        let bytes = Array(isPrefix ? path.utf8.dropLast() : path.utf8[...])
        let place = routes.firstIndex { $0.path == bytes && $0.isPrefix == isPrefix } ?? routes.endIndex
        if place == routes.endIndex { routes.append(Route(path: bytes, isPrefix: isPrefix)) }
        routes[place].endpoints.removeAll { $0.method == method }
        routes[place].endpoints.append((method, endpoint))
    }

    /// Whether any method of this path has an endpoint.
    public func has(path: String) -> Bool {
        route(for: Array(path.utf8)[...]) != nil
    }

    /// Answers a request, or throws: what the endpoint threw, or an ``HTTPError`` when there is none.
    ///
    /// A path without routes is 404. A method that HTTP does not know is 501. One that the path does not have
    /// is 405 with `Allow`; OPTIONS is answered by 204 with `Allow` (RFC 9110, sections 9.3.7, 15.5.6 and
    /// 15.6.2).
    public func respond(to request: Request, _ context: inout Context) throws -> Response {
        // Step 7 of 12: the route, and through it the page.
        guard let route = route(for: request.pathBytes) else { throw HTTPError(.notFound) }
        if let endpoint = endpoint(request.method, of: route) {
            return try endpoint(request, &context)
        }
        var allow = HeaderFields()
        allow.append(.allow, allowed(route))
        switch request.method {
        case .options: return Response(status: .noContent, headers: allow)
        case .get, .head, .post, .put, .delete, .patch, .trace, .connect:
            throw HTTPError(.methodNotAllowed, headers: allow)
        default: throw HTTPError(.notImplemented)
        }
    }

    /// The place of the route for a path.
    private func route(for path: ArraySlice<UInt8>) -> Int? {
        let path = path.span
        let routes = routes.span
        var best: Int?
        var length = -1
        var index = 0
        while index < routes.count {
            let known = routes[index].path.count
            let isPrefix = routes[index].isPrefix
            if isPrefix ? known <= path.count && known > length : known == path.count {
                let wanted = routes[index].path.span
                var offset = known - 1
                while offset >= 0, wanted[offset] == path[offset] { offset -= 1 }
                if offset < 0 {
                    guard isPrefix else { return index }
                    best = index
                    length = known
                }
            }
            index += 1
        }
        return best
    }

    private func endpoint(_ method: HTTPRequest.Method, of route: Int) -> Endpoint? {
        for index in routes[route].endpoints.indices where routes[route].endpoints[index].method == method {
            return routes[route].endpoints[index].endpoint
        }
        return method == .head ? endpoint(.get, of: route) : nil
    }

    private func allowed(_ route: Int) -> String {
        var methods = routes[route].endpoints.map(\.method.rawValue)
        if methods.contains("GET"), !methods.contains("HEAD") { methods.append("HEAD") }
        if !methods.contains("OPTIONS") { methods.append("OPTIONS") }
        return methods.joined(separator: ", ")
    }
}
