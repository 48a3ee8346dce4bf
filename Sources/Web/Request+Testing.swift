extension Request {
    /// A request made up by hand, for tests of handlers: no nginx, no socket.
    ///
    /// REQUEST_METHOD, REQUEST_URI and, with a body, CONTENT_LENGTH are filled in; `headers` become `HTTP_…`
    /// (or `CONTENT_TYPE`) in their order, one each. `parameters` come first and in the order of their names,
    /// so they win over what is filled in.
    public init(
        _ method: HTTPRequest.Method = .get,
        _ target: String,
        headers: [(HTTPField.Name, String)] = [],
        parameters: [String: String] = [:],
        body: [UInt8] = []
    ) {
        var all = RequestParameters()
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { all.append(name, value) }
        all.append("REQUEST_METHOD", method.rawValue)
        all.append("REQUEST_URI", target)
        if !body.isEmpty { all.append("CONTENT_LENGTH", String(body.count)) }
        for (name, value) in headers {
            var parameter = name == .contentType || name == .contentLength ? "" : "HTTP_"
            for scalar in name.canonicalName.unicodeScalars {
                parameter += scalar == "-" ? "_" : scalar.properties.uppercaseMapping
            }
            all.append(parameter, value)
        }
        self.init(parameters: all, body: body)
    }
}
