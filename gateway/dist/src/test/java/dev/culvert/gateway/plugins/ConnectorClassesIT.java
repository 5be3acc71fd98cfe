package dev.culvert.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A running connector is small: it carries SSH and needs no SSH library, no console and no database.
final class ConnectorClassesIT {
    private static final Path LIBRARIES = Path.of("target/culvert/lib/gateway");
    private static final int DEADLINE_SECONDS = 60;

    @TempDir private Path directory;

    @Test
    void aRunningConnectorLoadsNoLibraryOfTheEdge() throws Exception {
        Path loaded = directory.resolve("loaded");
        Path output = directory.resolve("output");
        try (ServerSocket edge = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.setSoTimeout(DEADLINE_SECONDS * 1000);
            Process connector = start(edge.getLocalPort(), loaded, output);
            try (Socket link = edge.accept()) {
                // The start of a TLS handshake: the connector has its rules and its carriers.
                link.setSoTimeout(DEADLINE_SECONDS * 1000);
                assertThat(link.getInputStream().read()).isEqualTo(0x16);
            } finally {
                connector.destroy();
                if (!connector.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                    connector.destroyForcibly();
                    throw new AssertionError("still runs:\n" + Files.readString(output));
                }
            }
        }
        // The JDK's own java.sql comes with picocli's converters; a driver would be a library of
        // the edge.
        assertThat(Files.readString(loaded))
                .as("loaded classes")
                .contains("dev.culvert.connector.", "dev.culvert.plugin.ssh.SshPlugin")
                .doesNotContain(
                        "org.apache.sshd.",
                        "org.apache.guacamole.",
                        "org.sqlite.",
                        "org.postgresql.",
                        "dev.culvert.edge.EdgeServer",
                        "dev.culvert.edge.front.",
                        "dev.culvert.edge.tunnel.");
    }

    private Process start(int edgePort, Path loaded, Path output) throws IOException {
        Path config = directory.resolve("config.yml");
        Files.writeString(
                config,
                """
                ingress:
                  - hostname: ssh.example.com
                    service: ssh://127.0.0.1:22
                  - hostname: rdp.example.com
                    service: rdp://127.0.0.1:3389
                  - service: http_status:404
                """);
        String token =
                "{\"a\":\"account\",\"t\":\"%s\",\"s\":\"%s\"}"
                        .formatted(
                                UUID.randomUUID(),
                                Base64.getEncoder().encodeToString(new byte[32]));
        Path tokenFile = directory.resolve("token");
        Files.writeString(
                tokenFile,
                Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xlog:class+load:file=" + loaded,
                                "-cp",
                                LIBRARIES.toAbsolutePath() + "/*",
                                "dev.culvert.gateway.Main",
                                "connector",
                                "run",
                                "--config",
                                config.toString(),
                                "--token-file",
                                tokenFile.toString(),
                                "--edge",
                                "127.0.0.1:" + edgePort,
                                "--metrics",
                                "127.0.0.1:0",
                                "--grace-period",
                                "1s")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().clear();
        return builder.start();
    }
}
