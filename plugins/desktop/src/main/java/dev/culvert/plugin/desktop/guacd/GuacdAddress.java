package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Where guacd is, and the way there. Immutable. Blocking.
record GuacdAddress(GuacdSettings settings) {
    /// With TLS.
    static final Duration CONNECT = Duration.ofSeconds(3);

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /// @throws RefusedException `guacd_missing` when nothing serves there, `guacd_refused` when it is not the one
    ///     that is meant
    GuacdSocket connect() throws RefusedException {
        InetSocketAddress address = resolved();
        Socket socket = new Socket();
        Deadline deadline = Deadline.of(CONNECT, socket);
        try {
            socket.connect(address);
            return new GuacdSocket(socket, settings.tls() ? secured(socket) : socket);
        } catch (IOException | GeneralSecurityException e) {
            close(socket);
            throw deadline.isMissed()
                    ? missing("does not answer within " + CONNECT.toSeconds() + " s")
                    : failed(e);
        } finally {
            deadline.close();
        }
    }

    private RefusedException failed(Exception e) {
        String why = OneLine.spaced(String.valueOf(e.getMessage()), 200);
        if (e instanceof SSLException || e instanceof GeneralSecurityException) {
            return new RefusedException(
                    "guacd_refused",
                    "guacd at " + place() + " cannot be trusted: " + why + ".",
                    "Let its certificate be for "
                            + settings.host()
                            + " and of an authority in guacd.tls_authorities.");
        }
        return missing("does not answer (" + why + ")");
    }

    private InetSocketAddress resolved() throws RefusedException {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw missing("has a name that is not known");
        }
        return address;
    }

    private List<InetAddress> all() throws RefusedException {
        try {
            return List.of(InetAddress.getAllByName(settings.host()));
        } catch (IOException e) {
            throw missing("has a name that is not known");
        }
    }

    private RefusedException missing(String why) {
        return new RefusedException(
                "guacd_missing", "guacd at " + place() + " " + why + ".", Advice.START);
    }

    private String place() {
        return settings.host() + ":" + settings.port();
    }

    private SSLSocket secured(Socket plain) throws IOException, GeneralSecurityException {
        SSLSocket socket =
                (SSLSocket)
                        context()
                                .getSocketFactory()
                                .createSocket(plain, settings.host(), settings.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// Null for the system's.
    private @Nullable KeyStore authorities() throws IOException, GeneralSecurityException {
        if (settings.authorities() == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = Files.newInputStream(settings.authorities())) {
            for (Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
        }
        return store;
    }

    /// Whether guacd runs on this machine.
    boolean isLocal() throws RefusedException {
        InetAddress address = resolved().getAddress();
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /// Where a session's port listens.
    ///
    /// @throws RefusedException when guacd reaches no address of this edge
    InetAddress reach() throws RefusedException {
        if (settings.reach() != null) {
            return settings.reach();
        }
        if (!isLocal()) {
            throw new RefusedException(
                    "guacd_refused",
                    "guacd at "
                            + place()
                            + " is on another machine, and hosts are reached through this edge, on its loopback only.",
                    "Say guacd.reach: ADDRESS, an address of this edge that guacd can connect to, or run guacd on"
                            + " this machine.");
        }
        return LOOPBACK;
    }

    /// Where guacd's connections come from.
    Set<InetAddress> sources() throws RefusedException {
        Set<InetAddress> sources = new HashSet<>();
        sources.addAll(all());
        if (isLocal()) {
            sources.add(reach());
            sources.add(LOOPBACK);
        }
        return sources;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was never connected.
        }
    }
}
