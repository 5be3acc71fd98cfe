package dev.culvert.transport.tls;

import dev.culvert.protocols.quic.Dialect;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.quic.BoringSSLContextOption;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Makes the TLS contexts of listeners and dialled connections.
///
/// Key exchange groups in order: X25519MLKEM768 (post-quantum hybrid), X25519, P-256. Every client
/// context verifies the chain and the name.
///
/// Thread-safe: no state.
public final class TlsContexts {
    /// Groups the tunnel and the public listener offer and accept, in order of preference.
    public static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256"};

    private TlsContexts() {}

    /// The tunnel listener: TLS 1.3 and 1.2, no ALPN (cloudflared sends none), any SNI.
    public static SslContext tunnelServer(PrivateKey key, X509Certificate... chain)
            throws IOException {
        return SslContextBuilder.forServer(key, chain)
                .sslProvider(SslProvider.OPENSSL)
                .option(OpenSslContextOption.GROUPS, GROUPS.clone())
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    /// The public listener: TLS 1.3 and 1.2, HTTP/2 and HTTP/1.1 by ALPN.
    ///
    /// @param clients whose certificates are asked for and not required; null for not asking
    public static SslContext publicServer(
            @Nullable ClientAuthorities clients, PrivateKey key, X509Certificate... chain)
            throws IOException {
        SslContextBuilder builder = publicServer(key, chain);
        if (clients != null) {
            builder.clientAuth(ClientAuth.OPTIONAL).trustManager(clients.asking());
        }
        return builder.build();
    }

    private static SslContextBuilder publicServer(PrivateKey key, X509Certificate... chain) {
        return SslContextBuilder.forServer(key, chain)
                .sslProvider(SslProvider.OPENSSL)
                .option(OpenSslContextOption.GROUPS, GROUPS.clone())
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2,
                                ApplicationProtocolNames.HTTP_1_1));
    }

    /// A client: chain and host name verified.
    ///
    /// @param trust roots, see [#roots] and [#systemRootsAnd]
    public static SslContext client(Collection<X509Certificate> trust) throws IOException {
        return verified(trust, GROUPS.clone()).build();
    }

    /// A client that accepts any certificate: only for `noTLSVerify` of an origin.
    public static SslContext unverifiedClient() throws IOException {
        return unverified().build();
    }

    /// As [#client], offering HTTP/2 and HTTP/1.1 by ALPN.
    public static SslContext http2Client(Collection<X509Certificate> trust) throws IOException {
        return offeringHttp2(verified(trust, GROUPS.clone()));
    }

    /// As [#unverifiedClient], offering HTTP/2 and HTTP/1.1 by ALPN.
    public static SslContext unverifiedHttp2Client() throws IOException {
        return offeringHttp2(unverified());
    }

    private static SslContextBuilder verified(Collection<X509Certificate> trust, String[] groups) {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .option(OpenSslContextOption.GROUPS, groups)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("HTTPS")
                .trustManager(trust);
    }

    /// The QUIC listener of the tunnel: cloudflared's protocol and ours by ALPN, any SNI.
    public static QuicSslContext quicServer(PrivateKey key, X509Certificate... chain) {
        return QuicSslContextBuilder.forServer(key, null, chain)
                .option(BoringSSLContextOption.GROUPS, GROUPS.clone())
                .applicationProtocols(Dialect.alpns())
                .build();
    }

    /// The connector towards the edge over QUIC: chain and host name verified, our protocol offered first.
    ///
    /// @param postQuantumOnly offer no group but X25519MLKEM768
    public static QuicSslContext quicClient(RememberingTrust trust, boolean postQuantumOnly) {
        return QuicSslContextBuilder.forClient()
                .option(BoringSSLContextOption.GROUPS, tunnelGroups(postQuantumOnly))
                .trustManager(trust)
                .endpointIdentificationAlgorithm("HTTPS")
                .applicationProtocols(Dialect.alpns())
                .build();
    }

    /// The connector towards the edge over TCP: as [#client].
    ///
    /// @param postQuantumOnly offer no group but X25519MLKEM768
    public static SslContext tunnelClient(
            Collection<X509Certificate> trust, boolean postQuantumOnly) throws IOException {
        return verified(trust, tunnelGroups(postQuantumOnly)).build();
    }

    private static String[] tunnelGroups(boolean postQuantumOnly) {
        return postQuantumOnly ? new String[] {GROUPS[0]} : GROUPS.clone();
    }

    private static SslContextBuilder unverified() {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm(null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE);
    }

    private static SslContext offeringHttp2(SslContextBuilder client) throws IOException {
        return client.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2,
                                ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    /// The certificates of a PEM bundle.
    ///
    /// @throws IOException when it cannot be read or holds no certificate; the message names the file
    public static List<X509Certificate> roots(Path pem) throws IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            List<X509Certificate> roots = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                roots.add((X509Certificate) certificate);
            }
            if (roots.isEmpty()) {
                throw new IOException(
                        pem + ": no certificate in it (expected: PEM, BEGIN CERTIFICATE)");
            }
            return roots;
        } catch (CertificateException e) {
            throw new IOException(pem + ": not a PEM bundle of certificates: " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new IOException(pem + ": no such file", e);
        }
    }

    /// The system's roots (`SSL_CERT_FILE` or the JDK's) and those of a PEM bundle, if given.
    public static List<X509Certificate> systemRootsAnd(@Nullable Path pem) throws IOException {
        List<X509Certificate> roots = new ArrayList<>();
        String file = System.getenv("SSL_CERT_FILE");
        if (file != null && !file.isBlank()) {
            roots.addAll(roots(Path.of(file)));
        } else {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                for (var manager : factory.getTrustManagers()) {
                    if (manager instanceof X509TrustManager trust) {
                        roots.addAll(Arrays.asList(trust.getAcceptedIssuers()));
                    }
                }
            } catch (GeneralSecurityException e) {
                throw new IOException(
                        "the system's certificates cannot be read: " + e.getMessage(), e);
            }
        }
        if (pem != null) {
            roots.addAll(roots(pem));
        }
        return roots;
    }
}
