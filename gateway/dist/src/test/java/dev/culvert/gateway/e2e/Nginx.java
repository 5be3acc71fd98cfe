package dev.culvert.gateway.e2e;

import java.nio.file.Path;

/// A running nginx: files below `/`, uploads by PUT, `/headers` shows what came.
final class Nginx {
    final int port = Scratch.freePort();
    final Path root;
    final Program program;

    Nginx(Programs programs) throws Exception {
        Path directory = programs.freshDirectory("nginx");
        root = java.nio.file.Files.createDirectory(directory.resolve("root"));
        Scratch.write(root.resolve("index.html"), "nginx is here\n");
        Path config =
                Scratch.write(
                        directory.resolve("nginx.conf"),
                        """
                        daemon off;
                        worker_processes 1;
                        pid %1$s/pid;
                        %4$s
                        events {}
                        http {
                          access_log %1$s/access.log;
                          client_body_temp_path %1$s/body;
                          proxy_temp_path %1$s/proxy;
                          fastcgi_temp_path %1$s/fastcgi;
                          uwsgi_temp_path %1$s/uwsgi;
                          scgi_temp_path %1$s/scgi;
                          client_max_body_size 0;
                          server {
                            listen 127.0.0.1:%2$d;
                            root %3$s;
                            location / { dav_methods PUT DELETE; }
                            location /slow/ { alias %3$s/; limit_rate 1m; }
                            location = /headers {
                              default_type text/plain;
                              return 200 "host=$http_host
                        cf-connecting-ip=$http_cf_connecting_ip
                        cf-access-jwt-assertion=$http_cf_access_jwt_assertion
                        cf-ray=$http_cf_ray
                        x-forwarded-for=$http_x_forwarded_for
                        x-forwarded-proto=$http_x_forwarded_proto
                        x-real-ip=$http_x_real_ip
                        x-kept=$http_x_kept
                        connection=$connection
                        ";
                            }
                          }
                        }
                        """
                                .formatted(
                                        directory,
                                        port,
                                        root,
                                        User.isRoot() ? "user " + User.NAME + ";" : ""));
        program =
                programs.start(Command.of("nginx", "-p", directory, "-e", "stderr", "-c", config));
        program.awaitPort(port);
    }
}
