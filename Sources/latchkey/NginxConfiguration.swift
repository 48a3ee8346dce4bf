/// The text of a private nginx's configuration: one site on the loopback, everything that it writes in one folder.
struct NginxConfiguration {
    /// The folder for its files; absolute.
    var folder: String
    /// Where it listens, on 127.0.0.1 only.
    var port: UInt16
    /// The workers' socket.
    var socket: String
    /// The session options of the site.
    var options: String

    /// Which values cannot stand in the file, in words; nil when all can.
    var problem: String? {
        for (name, value) in [("the state folder", folder), ("the socket", socket), ("--options", options)] {
            // A dollar sign begins a variable, and nginx has no way to write one.
            if let bad = value.unicodeScalars.first(where: { $0.value < 0x20 || $0 == "\u{7F}" || $0 == "$" })
            {
                return
                    "\(name) has a character that nginx's file cannot hold: U+\(String(bad.value, radix: 16))"
            }
        }
        return nil
    }

    /// The file.
    ///
    /// One process without a master (`master_process off`), so that nothing is left when it is killed.
    var text: String {
        """
        daemon off;
        master_process off;
        worker_processes 1;
        pid \(quoted("\(folder)/nginx.pid"));
        error_log \(quoted("\(folder)/error.log")) warn;
        events { worker_connections 1024; }
        http {
            access_log \(quoted("\(folder)/access.log"));
            default_type application/octet-stream;
            server_tokens off;
            client_body_temp_path \(quoted("\(folder)/body"));
            fastcgi_temp_path \(quoted("\(folder)/fastcgi"));
            proxy_temp_path \(quoted("\(folder)/proxy"));
            uwsgi_temp_path \(quoted("\(folder)/uwsgi"));
            scgi_temp_path \(quoted("\(folder)/scgi"));
            upstream latchkey {
                server \(quoted("unix:\(socket)"));
                keepalive 16;
            }
            server {
                listen 127.0.0.1:\(port);
                server_name localhost;
                client_max_body_size 64k;
                set $latchkey_options \(quoted(options));
                location / {
                    fastcgi_param LATCHKEY_API 1;
                    fastcgi_param LATCHKEY_SITE $server_name;
                    fastcgi_param LATCHKEY_OPTIONS $latchkey_options;
                    fastcgi_param HTTP_PROXY "";
                    fastcgi_param GATEWAY_INTERFACE CGI/1.1;
                    fastcgi_param SERVER_SOFTWARE nginx/$nginx_version;
                    fastcgi_param SERVER_PROTOCOL $server_protocol;
                    fastcgi_param SERVER_NAME $server_name;
                    fastcgi_param SERVER_ADDR $server_addr;
                    fastcgi_param SERVER_PORT $server_port;
                    fastcgi_param REMOTE_ADDR $remote_addr;
                    fastcgi_param REMOTE_PORT $remote_port;
                    fastcgi_param REQUEST_METHOD $request_method;
                    fastcgi_param REQUEST_SCHEME $scheme;
                    fastcgi_param REQUEST_URI $request_uri;
                    fastcgi_param DOCUMENT_URI $document_uri;
                    fastcgi_param QUERY_STRING $query_string;
                    fastcgi_param CONTENT_TYPE $content_type;
                    fastcgi_param CONTENT_LENGTH $content_length;
                    fastcgi_param HTTPS $https if_not_empty;
                    fastcgi_pass latchkey;
                    fastcgi_keep_conn on;
                    fastcgi_connect_timeout 2s;
                    fastcgi_read_timeout 30s;
                    fastcgi_buffer_size 8k;
                    fastcgi_buffers 8 8k;
                }
            }
        }

        """
    }

    private func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
