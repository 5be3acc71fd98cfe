package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the public side shows of itself: certificates from files and from its own authority, HTTP versions.
@Timeout(120)
final class CertificatesIT {
    private static final String FILED = "filed.example";

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Pki pki;
    private static Pki.Pair pair;

    @BeforeAll
    static void start() throws Exception {
        pki = new Pki(programs);
        pair = pki.sign(FILED);
        edge =
                Edge.start(
                        programs,
                        programs.freshDirectory("state"),
                        "--certificate",
                        pair,
                        "--domain",
                        "own.example");
    }

    /// What a TLS client sees when it asks for a name.
    private static Finished ask(String name, Object... options) throws Exception {
        return programs.run(
                Command.of("openssl", "s_client", "-connect", "127.0.0.1:" + edge.publicPort)
                        .and("-servername", name, "-verify_return_error")
                        .and("-verify_hostname", name)
                        .and(options));
    }

    @Test
    void theLocalAuthoritysChainIsAcceptedByOpensslAndCurl() throws Exception {
        for (String name : new String[] {"localhost", "a.b.localhost", "deep.own.example"}) {
            assertThat(ask(name, "-CAfile", edge.authority()).output())
                    .contains("Verify return code: 0 (ok)");
            assertThat(
                            programs.run(
                                            edge.curl("-o", "/dev/null", "-w", "%{http_code}")
                                                    .and(
                                                            "--connect-to",
                                                            "::127.0.0.1:" + edge.publicPort,
                                                            "https://" + name + "/"))
                                    .output())
                    .isEqualTo("404");
        }
    }

    @Test
    void aFilesCertificateIsShownForItsNameOnly() throws Exception {
        assertThat(ask(FILED, "-CAfile", pki.authority).output())
                .contains("Verify return code: 0 (ok)", "CN = " + FILED);
        assertThat(ask("a.localhost", "-CAfile", pki.authority).exit()).isNotZero();
    }

    @Test
    void aChangedFileIsShownWithoutARestart() throws Exception {
        String before = fingerprint();
        Pki.Pair renewed = pki.sign(FILED);
        // As renewal programs do: each file is replaced whole, one after the other.
        Files.move(renewed.key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(renewed.certificate(), pair.certificate(), StandardCopyOption.REPLACE_EXISTING);

        Waiting.until(
                "the new certificate", Duration.ofSeconds(20), () -> !fingerprint().equals(before));

        assertThat(ask(FILED, "-CAfile", pki.authority).output())
                .contains("Verify return code: 0 (ok)");
        assertThat(edge.program.isAlive()).isTrue();
    }

    private static String fingerprint() throws Exception {
        String shown = ask(FILED, "-CAfile", pki.authority).output();
        return shown.substring(
                shown.indexOf("-----BEGIN CERTIFICATE"), shown.indexOf("-----END CERTIFICATE"));
    }

    @Test
    void theHttpVersionIsTheOneAgreedOn() throws Exception {
        assertThat(ask("localhost", "-CAfile", edge.authority(), "-alpn", "h2,http/1.1").output())
                .contains("ALPN protocol: h2\n");
        assertThat(ask("localhost", "-CAfile", edge.authority(), "-alpn", "http/1.1").output())
                .contains("ALPN protocol: http/1.1\n");
        assertThat(ask("localhost", "-CAfile", edge.authority()).output())
                .contains("No ALPN negotiated");
        assertThat(version("--http2")).isEqualTo("2");
        assertThat(version("--http1.1")).isEqualTo("1.1");
        assertThat(version("--no-alpn")).isEqualTo("1.1");
    }

    private static String version(String option) throws Exception {
        return programs.run(
                        edge.curl(option, "-o", "/dev/null", "-w", "%{http_version}")
                                .and(edge.url("localhost", "/")))
                .output();
    }

    @Test
    void onlyCurrentVersionsOfTlsAreSpoken() throws Exception {
        for (String current : new String[] {"-tls1_2", "-tls1_3"}) {
            ask("localhost", "-CAfile", edge.authority(), current).expectExit(0);
        }
        Finished old =
                ask(
                        "localhost",
                        "-CAfile",
                        edge.authority(),
                        "-tls1_1",
                        "-cipher",
                        "DEFAULT@SECLEVEL=0");
        assertThat(old.exit()).isNotZero();
        assertThat(old.stderr()).contains("alert protocol version");
    }
}
