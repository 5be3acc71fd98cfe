package dev.culvert.edge.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.AccessConfig;
import dev.culvert.edge.CallerConfig;
import dev.culvert.edge.EdgeConfig;
import dev.culvert.edge.EdgeServer;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.IdentityConfig;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.AccessRulesReader;
import dev.culvert.transport.testing.NoLeaks;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates of clients at a real edge, shown by the JDK's TLS.
@ExtendWith(NoLeaks.class)
@Timeout(120)
final class ClientCertificatesTest {
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
    private static final String ACCESS =
            """
            applications:
              - name: device
                domains: device.example.com
                policies: [{name: laptop, decision: service_auth, include: [common_name: laptop-7]}]
              - name: plain
                domains: plain.example.com
                policies: [{name: all, decision: bypass, include: [everyone: {}]}]
            """;

    /// Let in, to a tunnel that is not there.
    private static final int IN = 503;

    private static final DeviceAuthority OURS = new DeviceAuthority("ours");
    private static final DeviceAuthority OTHER = new DeviceAuthority("other");

    @TempDir Path temp;
    private EdgeServer edge;
    private TrustManagerFactory trusting;

    @BeforeEach
    void start() throws Exception {
        AccessRules rules = AccessRulesReader.parse("access", ACCESS);
        edge = EdgeServer.start(config(rules, Files.writeString(temp.resolve("ca"), OURS.pem())));
        edge.state().createTunnel("home");
        edge.state().addRoute("device.example.com", "home", false);
        edge.state().addRoute("plain.example.com", "home", false);
        KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
        trust.load(null);
        try (InputStream pem = Files.newInputStream(edge.authority().certificateFile())) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(trust);
    }

    private EdgeConfig config(AccessRules rules, Path authority) {
        return new EdgeConfig(
                        temp.resolve("state"),
                        null,
                        ANY,
                        ANY,
                        false,
                        ANY,
                        List.of("example.com"),
                        List.of(),
                        "test",
                        Duration.ofSeconds(5),
                        100)
                .withAccess(
                        new AccessConfig(
                                "auth.example.com",
                                null,
                                IdentityConfig.DEFAULT,
                                new CallerConfig(null, List.of(authority)),
                                AccessConfig.DEFAULT_AUDIT_KEPT,
                                RecordingsConfig.DEFAULT,
                                null,
                                null,
                                rules));
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private SSLContext client(@Nullable KeyManager keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys == null ? null : new KeyManager[] {keys}, trusting.getTrustManagers(), null);
        return context;
    }

    /// @return status of the answer
    private int get(SSLContext client, String sni, String host, String... protocols)
            throws Exception {
        int port = edge.publicAddress().getPort();
        Socket tcp = new Socket("127.0.0.1", port);
        try (SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(tcp, sni, port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(
                            ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private int device(@Nullable KeyManager keys, String... protocols) throws Exception {
        return get(client(keys), "device.example.com", "device.example.com", protocols);
    }

    private static InsistentKeys laptop() {
        return OURS.issue("laptop-7", KeyPurposeId.id_kp_clientAuth, Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCertificateOfOurAuthorityIsTheClient(String protocol) throws Exception {
        assertThat(device(laptop(), protocol)).isEqualTo(IN);
        InsistentKeys other =
                OURS.issue("laptop-8", KeyPurposeId.id_kp_clientAuth, Duration.ofHours(1));
        assertThat(device(other, protocol)).isNotEqualTo(IN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aResumedSessionHasTheCertificateItBeganWith(String protocol) throws Exception {
        InsistentKeys keys = laptop();
        SSLContext client = client(keys);

        assertThat(get(client, "device.example.com", "device.example.com", protocol)).isEqualTo(IN);
        assertThat(get(client, "device.example.com", "device.example.com", protocol)).isEqualTo(IN);

        assertThat(keys.asked()).as("the second handshake was short").isEqualTo(1);
    }

    @Test
    void whoHasNoneThatCountsGetsAnAnswerAsWithoutOne() throws Exception {
        int without = device(null);
        InsistentKeys foreign =
                OTHER.issue("laptop-7", KeyPurposeId.id_kp_clientAuth, Duration.ofHours(1));
        InsistentKeys expired =
                OURS.issue("laptop-7", KeyPurposeId.id_kp_clientAuth, Duration.ofMinutes(-1));
        InsistentKeys server =
                OURS.issue("laptop-7", KeyPurposeId.id_kp_serverAuth, Duration.ofHours(1));

        assertThat(without).isIn(302, 401, 403);
        assertThat(device(foreign)).isEqualTo(without);
        assertThat(device(expired)).isEqualTo(without);
        assertThat(device(server)).isEqualTo(without);
        assertThat(List.of(foreign.asked(), expired.asked(), server.asked()))
                .as("each was shown")
                .containsExactly(1, 1, 1);
    }

    @Test
    void nobodyIsAskedWhereNoPolicyLooks() throws Exception {
        InsistentKeys keys = laptop();

        assertThat(get(client(keys), "plain.example.com", "plain.example.com")).isEqualTo(IN);

        assertThat(keys.asked()).isZero();
    }

    @Test
    void aConnectionForAnotherHostIsTheWrongOne() throws Exception {
        SSLContext client = client(laptop());

        assertThat(get(client, "plain.example.com", "device.example.com")).isEqualTo(421);
        assertThat(get(client, "device.example.com", "plain.example.com")).isEqualTo(IN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CN=laptop 7,O=x            | laptop 7
                    OU=a,CN=most,O=x,CN=least  | most
                    CN=a\\,b\\+c                | a,b+c
                    O=x                        | ''
                    """)
    void theCommonNameIsTheMostSpecificOne(String subject, String name) {
        assertThat(ClientCertificates.commonName(new X500Principal(subject))).isEqualTo(name);
    }

    @Test
    void anAuthorityThatIsNoneStopsTheStart() throws Exception {
        Path leaf = Files.writeString(temp.resolve("leaf"), laptop().pem());

        assertThatThrownBy(() -> EdgeServer.start(other(leaf)))
                .isInstanceOf(BadCertificateException.class)
                .hasMessageContaining(leaf + ": holds a certificate that is no authority's");
        assertThatThrownBy(() -> EdgeServer.start(other(temp.resolve("none"))))
                .isInstanceOf(BadCertificateException.class)
                .hasMessageContaining("none: is missing");
    }

    private EdgeConfig other(Path authority) {
        EdgeConfig first = config(AccessRules.EMPTY, authority);
        return new EdgeConfig(
                temp.resolve("other"),
                null,
                ANY,
                ANY,
                false,
                ANY,
                first.domains(),
                List.of(),
                "test",
                Duration.ZERO,
                1,
                PublicLimits.DEFAULT,
                first.access());
    }
}
