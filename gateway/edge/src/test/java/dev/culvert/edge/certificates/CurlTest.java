package dev.culvert.edge.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real client against a TLS server that serves what is under test.
class CurlTest {
    @TempDir Path temp;

    @Test
    void acceptsIssuedNamesWithTheAuthorityAlone() throws Exception {
        LocalAuthority authority = LocalAuthority.open(temp, List.of("example.com"));
        try (CertificateFiles none = CertificateFiles.load(List.of());
                Server server = new Server(new ServerCertificates(none, authority)::forName)) {
            for (String host :
                    List.of("demo.localhost", "a.example.com", "localhost", "127.0.0.1", "[::1]")) {
                assertThat(curl(server, host)).as(host).isEqualTo("0 hello");
            }
            assertThat(curl(server, "example.org")).startsWith("60 ");
        }
    }

    @Test
    void rejectsAnotherDomainCertifiedWithTheStolenKey() throws Exception {
        LocalAuthority.open(temp, List.of("example.com"));
        CertificateAuthority stolen =
                new CertificateAuthority(
                        PemText.privateKey(Files.readAllBytes(temp.resolve("ca.key"))),
                        PemText.certificates(Files.readAllBytes(temp.resolve("ca.pem")))
                                .getFirst());
        KeyMaterial evil =
                stolen.issue(
                        CertificateAuthority.newKeyPair(),
                        List.of(new GeneralName(GeneralName.dNSName, "bank.example.org")),
                        Instant.now());
        try (Server server = new Server(sni -> evil)) {
            assertThat(curl(server, "bank.example.org")).startsWith("60 ");
        }
    }

    private String curl(Server server, String host) throws Exception {
        int port = server.port();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "curl",
                                "--silent",
                                "--noproxy",
                                "*",
                                "--max-time",
                                "10",
                                "--cacert",
                                temp.resolve("ca.pem").toString(),
                                "--connect-to",
                                host + ":" + port + ":127.0.0.1:" + port,
                                "https://" + host + ":" + port + "/"));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + output;
    }

    /// Answers each connection once with `hello`.
    private static final class Server implements AutoCloseable {
        private final SSLServerSocket socket;

        Server(Function<@Nullable String, KeyMaterial> certificates) throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new BySni(certificates)}, null, null);
            socket =
                    (SSLServerSocket)
                            context.getServerSocketFactory()
                                    .createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
            Thread.ofVirtual().name("test-server").start(this::serve);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (SSLSocket client = (SSLSocket) socket.accept()) {
                    client.getInputStream().read();
                    client.getOutputStream()
                            .write(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
                                            .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // A client that rejects the certificate, or the end.
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class BySni extends X509ExtendedKeyManager {
        private final Function<@Nullable String, KeyMaterial> certificates;

        BySni(Function<@Nullable String, KeyMaterial> certificates) {
            this.certificates = certificates;
        }

        private KeyMaterial of(@Nullable String alias) {
            return certificates.apply(alias == null || alias.equals("-") ? null : alias);
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, java.net.Socket socket) {
            if (!type.equals("EC")) {
                return null;
            }
            var session = (ExtendedSSLSession) ((SSLSocket) socket).getHandshakeSession();
            for (var name : session.getRequestedServerNames()) {
                return ((SNIHostName) name).getAsciiName();
            }
            return "-";
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return of(alias).chainArray();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return of(alias).key();
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(
                String[] types, Principal[] issuers, java.net.Socket socket) {
            return null;
        }
    }
}
