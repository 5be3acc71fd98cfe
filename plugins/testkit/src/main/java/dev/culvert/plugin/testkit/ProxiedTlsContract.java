package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.stream.OriginFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What holds for the `https` services of a plugin: chain and name are verified unless told otherwise.
@ExtendWith(LeakCheck.class)
public abstract class ProxiedTlsContract {
    private Duration handshake = Deadline.PATIENCE;
    private final TestAuthority authority = new TestAuthority();

    @TempDir @Nullable Path directory;

    protected abstract OriginPlugin plugin();

    private OriginRequest settings(
            boolean trusted, @Nullable String serverName, boolean sniToHost, boolean unverified)
            throws Exception {
        OriginRequest d = OriginRequest.DEFAULT;
        return new OriginRequest(
                d.connectTimeout(),
                handshake,
                d.tcpKeepAlive(),
                false,
                d.keepAliveConnections(),
                d.keepAliveTimeout(),
                false,
                false,
                null,
                serverName,
                sniToHost,
                trusted ? authority.pem(Objects.requireNonNull(directory)) : null,
                unverified);
    }

    private String answer(String host, OriginRequest settings) throws Exception {
        try (TlsOrigin origin = new TlsOrigin(authority);
                Bench bench = bench(host + ":" + origin.port(), settings)) {
            TunnelStream stream = bench.get("/");
            assertThat(stream.awaitResponse().failure()).isNull();
            return new String(stream.awaitEnd(), StandardCharsets.ISO_8859_1);
        }
    }

    private OriginFailure failure(String host, OriginRequest settings) throws Exception {
        try (TlsOrigin origin = new TlsOrigin(authority);
                Bench bench = bench(host + ":" + origin.port(), settings)) {
            OriginFailure failure = bench.get("/").awaitResponse().failure();
            assertThat(origin.requests()).as("requests that got through").isZero();
            return Objects.requireNonNull(failure);
        }
    }

    private Bench bench(String address, OriginRequest settings) throws Exception {
        return new Bench(
                Arrangement.DIRECT, Origins.configure(plugin(), "https://" + address, settings));
    }

    @Test
    void trustsTheCaPool() throws Exception {
        assertThat(answer("localhost", settings(true, null, false, false)))
                .as("names asked for, also those without a dot")
                .contains("localhost");
    }

    @Test
    void refusesAnUnknownAuthority() throws Exception {
        assertThat(failure("localhost", settings(false, null, false, false)).code())
                .isEqualTo(OriginFailure.Code.TLS);
    }

    @Test
    void refusesAnotherName() throws Exception {
        assertThat(failure("127.0.0.1", settings(true, null, false, false)).code())
                .isEqualTo(OriginFailure.Code.TLS);
        assertThat(failure("localhost", settings(true, "other.test", false, false)).code())
                .isEqualTo(OriginFailure.Code.TLS);
        assertThat(failure("localhost", settings(true, null, true, false)).code())
                .as("the public name is not in the certificate")
                .isEqualTo(OriginFailure.Code.TLS);
    }

    @Test
    void originServerNameIsAskedForAndVerified() throws Exception {
        assertThat(answer("127.0.0.1", settings(true, TestAuthority.NAME, false, false)))
                .contains(TestAuthority.NAME);
    }

    @Test
    void noTlsVerifyTakesAnyCertificate() throws Exception {
        assertThat(answer("127.0.0.1", settings(false, null, false, true))).isNotEmpty();
    }

    @Test
    void anOriginWithoutTlsIsToldAsTls() throws Exception {
        try (ScriptedOrigin plain = ScriptedOrigin.listen();
                Bench bench =
                        bench("127.0.0.1:" + plain.port(), settings(true, null, false, false))) {
            TunnelStream stream = bench.get("/");
            plain.accept().send("HTTP/1.1 400 Bad Request\r\n\r\n");
            assertThat(Objects.requireNonNull(stream.awaitResponse().failure()).code())
                    .isEqualTo(OriginFailure.Code.TLS);
        }
    }

    @Test
    void anOriginThatDoesNotShakeHandsIsToldAsTimedOut() throws Exception {
        handshake = Duration.ofMillis(700);
        try (ScriptedOrigin mute = ScriptedOrigin.listen();
                Bench bench =
                        bench("127.0.0.1:" + mute.port(), settings(true, null, false, false))) {
            TunnelStream stream = bench.get("/");
            OriginConnection connection = mute.accept();
            assertThat(Objects.requireNonNull(stream.awaitResponse().failure()).code())
                    .isEqualTo(OriginFailure.Code.TIMED_OUT);
            connection.awaitOver();
        }
    }
}
