internal import Kernel

/// The file of a test's nginx.
enum NginxConfiguration {
    static let parametersName = "fastcgi_bench.conf"

    /// Parameters of every location, as a site file sends them.
    static let parameters = """
        fastcgi_param GATEWAY_INTERFACE CGI/1.1;
        fastcgi_param SERVER_PROTOCOL $server_protocol;
        fastcgi_param SERVER_NAME $server_name;
        fastcgi_param SERVER_PORT $server_port;
        fastcgi_param REMOTE_ADDR $remote_addr;
        fastcgi_param REQUEST_METHOD $request_method;
        fastcgi_param REQUEST_SCHEME $scheme;
        fastcgi_param REQUEST_URI $request_uri;
        fastcgi_param QUERY_STRING $query_string;
        fastcgi_param CONTENT_TYPE $content_type;
        fastcgi_param CONTENT_LENGTH $content_length;
        fastcgi_param HTTP_HOST $http_host;
        fastcgi_param HTTP_PROXY "";

        """

    /// The file: everything that it writes is in a folder, and without a user there is one process, so that nothing is left when it ends.
    static func text(folder: String, http: String, user: String?) -> String {
        let own = Processes.user == 0 ? "user root;" : ""
        return """
            daemon off;
            \(user.map { "user \($0);" } ?? "master_process off; \(own)")
            worker_processes 1;
            pid \(folder)/nginx.pid;
            error_log \(folder)/nginx-error.log info;
            events { worker_connections 1024; }
            http {
            access_log \(folder)/nginx-access.log;
            default_type application/octet-stream;
            client_body_temp_path \(folder)/body;
            fastcgi_temp_path \(folder)/fastcgi;
            proxy_temp_path \(folder)/proxy;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            \(http)
            }

            """
    }
}
