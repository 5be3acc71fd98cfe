package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.GuacdSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/// TLS in front of a guacd, as its own options `-C` and `-K` make it.
final class TlsFront implements AutoCloseable {
    private final int guacd;
    private final SSLServerSocket listener;

    private TlsFront(int guacd, SSLServerSocket listener) {
        this.guacd = guacd;
        this.listener = listener;
    }

    /// @param key PKCS #8, of PEM
    static TlsFront of(int guacd, Path key, Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var file = Files.newInputStream(certificate)) {
            Certificate[] chain = {
                CertificateFactory.getInstance("X.509").generateCertificate(file)
            };
            String base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----|\\n", "");
            var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
            store.setKeyEntry(
                    "key", KeyFactory.getInstance("RSA").generatePrivate(spec), new char[0], chain);
        }
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        TlsFront front =
                new TlsFront(
                        guacd,
                        (SSLServerSocket)
                                context.getServerSocketFactory()
                                        .createServerSocket(
                                                0, 5, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().name("tls-front").start(front::serve);
        return front;
    }

    /// The engine of an edge whose guacd has that name and that authority.
    Guacd guacd(String host, @Nullable Path authority) {
        return new Guacd(
                new TestServices(
                        new GuacdSettings(
                                host, listener.getLocalPort(), true, authority, null, null)));
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException e) {
                // The end.
            }
        }
    }

    private void join(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), guacd)) {
            Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
        } catch (IOException e) {
            // A client that does not trust it.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // It has ended.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
