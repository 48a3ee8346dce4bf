/// One `server {}` of a test's nginx.
public struct NginxServer: Sendable {
    /// The socket that requests are passed to.
    public var socket: String
    /// What the site file says of the sessions, `LATCHKEY_OPTIONS`.
    public var options: String
    /// Locations with options of their own, by their prefix.
    public var locations: [String: String] = [:]
    /// `fastcgi_keep_conn`.
    public var keepsConnections = true
    /// `keepalive` of the upstream; 0 leaves it out.
    public var keptConnections = 4
    /// Whether nginx says that the client's connection is encrypted.
    public var saysSecure = false
    /// The files of a certificate and its key, for a connection that really is.
    public var certificate: (file: String, key: String)?
    /// More lines for the server.
    public var directives: [String] = []

    /// A server that passes everything to a socket.
    public init(_ socket: String, options: String = "") {
        self.socket = socket
        self.options = options
    }

    /// The lines of the configuration; the number makes the upstream's name.
    func text(number: Int, port: UInt16) -> String {
        let tls = certificate.map { "ssl_certificate \($0.file); ssl_certificate_key \($0.key);" } ?? ""
        let all = [(path: "/", options: options)] + locations.map { (path: $0.key, options: $0.value) }
        return """
            upstream pool\(number) {
                server "unix:\(socket)";
                \(keptConnections > 0 ? "keepalive \(keptConnections);" : "")
            }
            server {
                listen 127.0.0.1:\(port)\(certificate == nil ? "" : " ssl");
                \(tls)
                server_name localhost;
                set_real_ip_from 127.0.0.1;
                real_ip_header X-Real-IP;
                \(directives.joined(separator: "\n    "))
                location = /.bench/ready { return 204; }
            \(all.map { location($0.path, $0.options, number) }.joined(separator: "\n"))
            }
            """
    }

    private func location(_ path: String, _ options: String, _ number: Int) -> String {
        """
            location \(path) {
                include \(NginxConfiguration.parametersName);
                fastcgi_param LATCHKEY_SITE $server_name;
                fastcgi_param LATCHKEY_OPTIONS "\(options.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))";
                \(saysSecure ? "fastcgi_param HTTPS on;" : "fastcgi_param HTTPS $https if_not_empty;")
                fastcgi_pass pool\(number);
                fastcgi_keep_conn \(keepsConnections ? "on" : "off");
                fastcgi_buffer_size 8k;
            }
        """
    }
}
