package dev.culvert.bench.ground;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The services behind all systems: nginx, [Origin], and an [SshHost] where the machine has one. Immutable.
///
/// nginx has `/small` (100 bytes), `/medium` (100 KB) and `/bulk` (noise).
///
/// @param bulkBytes length of `/bulk`, which is also what `scp` fetches
public record Origins(
        Program nginx,
        Program origin,
        Optional<SshHost> ssh,
        int webPort,
        int httpPort,
        int echoPort,
        int bannerPort,
        long bulkBytes)
        implements AutoCloseable {
    public static final int SMALL_BYTES = 100;
    public static final int MEDIUM_BYTES = 100_000;

    static Origins start(Ground ground, long bulkBytes) throws IOException, InterruptedException {
        Path files = Files.createDirectories(ground.directory().resolve("files"));
        file(files.resolve("small"), SMALL_BYTES);
        file(files.resolve("medium"), MEDIUM_BYTES);
        file(files.resolve("bulk"), bulkBytes);
        int port = Ground.freePort();
        Path configuration = ground.directory().resolve("nginx.conf");
        Files.writeString(
                configuration,
                """
                daemon off;
                %s
                worker_processes auto;
                pid nginx.pid;
                error_log stderr notice;
                worker_rlimit_nofile 65536;
                events { worker_connections 16384; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 100000000;
                    keepalive_timeout 300s;
                    client_body_temp_path nginx-body;
                    proxy_temp_path nginx-proxy;
                    fastcgi_temp_path nginx-fastcgi;
                    uwsgi_temp_path nginx-uwsgi;
                    scgi_temp_path nginx-scgi;
                    server {
                        listen %s:%d backlog=4096;
                        root %s;
                    }
                }
                """
                        .formatted(
                                // Its workers read the files below, which only this user may.
                                Ground.isRoot() ? "user root;" : "",
                                ground.far().bind(),
                                port,
                                files));
        Program nginx =
                ground.start(
                        "nginx",
                        ground.far(),
                        Map.of(),
                        List.of(
                                ground.tools().required("nginx"),
                                "-p",
                                ground.directory().toString(),
                                "-c",
                                configuration.toString(),
                                "-e",
                                "stderr"));
        Program origin =
                ground.start(
                        "origin",
                        ground.far(),
                        Map.of(),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Origin.class.getName(),
                                ground.far().bind()));
        nginx.await("(start worker process \\d+)");
        return new Origins(
                nginx,
                origin,
                SshHost.start(ground, files.resolve("bulk")),
                port,
                Integer.parseInt(origin.await("ready http=(\\d+) ")),
                Integer.parseInt(origin.await("echo=(\\d+) ")),
                Integer.parseInt(origin.await("banner=(\\d+)\\.")),
                bulkBytes);
    }

    private static void file(Path file, long bytes) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            Noise.write(out, bytes);
        }
    }

    public List<Program> programs() {
        List<Program> programs = new ArrayList<>(List.of(nginx, origin));
        ssh.ifPresent(host -> programs.add(host.program()));
        return programs;
    }

    @Override
    public void close() {
        programs().forEach(Program::close);
    }
}
