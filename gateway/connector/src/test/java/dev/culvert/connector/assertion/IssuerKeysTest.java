package dev.culvert.connector.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.culvert.transport.testing.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class IssuerKeysTest {
    private static final Issuer FIRST = new Issuer("k1");
    private static final Issuer SECOND = new Issuer("k2");

    @TempDir Path directory;
    private Instant now = Issuer.NOW;
    private final AtomicInteger fetches = new AtomicInteger();
    private String served = FIRST.keySet();
    private final IssuerKeys keys =
            new IssuerKeys(
                    () -> {
                        fetches.incrementAndGet();
                        if (served.isEmpty()) {
                            throw new IOException("nobody there");
                        }
                        return served;
                    },
                    () -> now);

    @Test
    void fetchesOnceForManyTokens() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(keys.find("k1")).hasSize(1);
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void forgedKeyIdsCauseOneFetchInAWhile() throws Exception {
        assertThat(keys.find("k1")).hasSize(1);
        for (int i = 0; i < 1000; i++) {
            now = now.plusMillis(59);
            assertThat(keys.find("forged" + i)).isEmpty();
        }
        assertThat(fetches).hasValueLessThanOrEqualTo(3);
        assertThat(keys.find("k1")).hasSize(1);
    }

    @Test
    void aNewKeyIsFoundAndARemovedOneForgotten() throws Exception {
        assertThat(keys.find("k1")).hasSize(1);
        served = SECOND.keySet();
        now = now.plus(IssuerKeys.BETWEEN_FETCHES);
        assertThat(keys.find("k2")).hasSize(1);
        assertThat(keys.find("k1")).isEmpty();
    }

    @Test
    void aKeyThatIsNotAskedForAnewIsForgottenAfterAnHour() throws Exception {
        assertThat(keys.find("k1")).hasSize(1);
        served = SECOND.keySet();
        now = now.plus(IssuerKeys.FRESH);
        assertThat(keys.find("k1")).hasSize(1);
        now = now.plusSeconds(1);
        assertThat(keys.find("k1")).isEmpty();
    }

    @Test
    void knownKeysOutliveTheirServerForADay() throws Exception {
        assertThat(keys.find("k1")).hasSize(1);
        served = "";
        now = now.plus(IssuerKeys.STALE);
        assertThat(keys.find("k1")).hasSize(1);
        now = now.plusSeconds(1);
        assertThatThrownBy(() -> keys.find("k1")).isInstanceOf(IOException.class);
        assertThat(fetches).hasValue(2);
        now = now.plus(IssuerKeys.AFTER_FAILURE);
        served = FIRST.keySet();
        assertThat(keys.find("k1")).hasSize(1);
    }

    @Test
    void manyThatWaitShareOneFetch() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        IssuerKeys slow =
                new IssuerKeys(
                        () -> {
                            asked.incrementAndGet();
                            try {
                                release.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            return FIRST.keySet();
                        },
                        () -> now);
        AtomicInteger found = new AtomicInteger();
        List<Thread> threads =
                java.util.stream.IntStream.range(0, 20)
                        .mapToObj(_ ->
                                Thread.ofVirtual()
                                        .start(() -> {
                                            try {
                                                found.addAndGet(slow.find("k1").size());
                                            } catch (IOException e) {
                                                // Counted as not found.
                                            }
                                        }))
                        .toList();
        release.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(found).hasValue(20);
        assertThat(asked).hasValue(1);
    }

    @Test
    void leavesOutKeysForOtherUses() throws Exception {
        RSAKey encryption =
                new RSAKey.Builder(SECOND.key.toRSAPublicKey())
                        .keyID("e")
                        .keyUse(KeyUse.ENCRYPTION)
                        .build();
        String ec = "{\"kty\":\"EC\",\"kid\":\"c\",\"crv\":\"P-256\",\"x\":\"bad\",\"y\":\"bad\"}";
        String odd = "{\"kty\":\"new\",\"kid\":\"n\"}";
        served =
                new JWKSet(List.of(FIRST.key.toPublicJWK(), encryption))
                        .toString()
                        .replace("[{", "[" + ec + "," + odd + ",{");
        assertThat(keys.find("k1")).hasSize(1);
        assertThat(keys.find(null)).hasSize(1);
        assertThat(keys.find("e")).isEmpty();
    }

    // ---- the server

    private interface Body {
        void send(OutputStream out) throws IOException;
    }

    private static String fetch(int status, Body body, Duration patience) throws IOException {
        var server =
                com.sun.net.httpserver.HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
                        exchange.sendResponseHeaders(status, 0);
                        body.send(exchange.getResponseBody());
                    }
                });
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.start();
        try {
            URI address =
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/certs");
            return new KeyServer(address, null, patience).fetch();
        } finally {
            server.stop(0);
        }
    }

    private static void text(OutputStream out) throws IOException {
        out.write("{\"keys\":[]}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatTheServerSends() throws Exception {
        assertThat(fetch(200, IssuerKeysTest::text, KeyServer.PATIENCE)).isEqualTo("{\"keys\":[]}");
    }

    @ParameterizedTest
    @CsvSource({"302", "404", "500", "201"})
    void takesNothingButAPlainAnswer(int status) {
        assertThatThrownBy(() -> fetch(status, IssuerKeysTest::text, KeyServer.PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answered " + status);
    }

    /// Chain and name: keys from anybody else would let anybody in.
    @Test
    void asksOnlyTheServerThatTheCertificateNames() throws Exception {
        TestCertificates authority = new TestCertificates("issuer");
        Path pool = Files.writeString(directory.resolve("ca.pem"), pem(authority.ca()));
        TestCertificates.Leaf leaf = authority.leaf("localhost");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "k",
                leaf.key(),
                new char[0],
                new java.security.cert.Certificate[] {leaf.certificate()});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        var server =
                com.sun.net.httpserver.HttpsServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new com.sun.net.httpserver.HttpsConfigurator(tls));
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, 0);
                        text(exchange.getResponseBody());
                    }
                });
        server.start();
        try {
            int port = server.getAddress().getPort();
            URI named = URI.create("https://localhost:" + port + "/certs");
            URI other = URI.create("https://127.0.0.1:" + port + "/certs");
            assertThat(new KeyServer(named, pool).fetch()).isEqualTo("{\"keys\":[]}");
            assertThatThrownBy(() -> new KeyServer(named, null).fetch())
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> new KeyServer(other, pool).fetch())
                    .isInstanceOf(IOException.class);
        } finally {
            server.stop(0);
        }
    }

    private static String pem(X509Certificate certificate) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    @Test
    void stopsReadingBeyondTheLimit() {
        assertThatThrownBy(() ->
                        fetch(
                                200,
                                out -> out.write(new byte[KeyServer.MAX_BYTES + 8192]),
                                KeyServer.PATIENCE))
                .hasMessageContaining("more than");
    }

    @Test
    void doesNotWaitForASlowServer() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            assertThatThrownBy(() ->
                            fetch(
                                    200,
                                    out -> {
                                        out.write('{');
                                        out.flush();
                                        try {
                                            never.await();
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    },
                                    Duration.ofMillis(200)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/certs: ");
        } finally {
            never.countDown();
        }
    }
}
