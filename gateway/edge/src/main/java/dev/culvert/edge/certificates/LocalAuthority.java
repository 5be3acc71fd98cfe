package dev.culvert.edge.certificates;

import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.PrivateFiles;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The edge's own certificate authority: `ca.pem` for users and connectors to trust, `ca.key` (0600)
/// beside it.
///
/// **Names.** It may certify the configured domains with everything below them, `localhost`,
/// `cftunnel.com` (whose names connectors ask for), 127.0.0.0/8 and ::1. When a domain is configured
/// that the certificate does not permit, a new authority is made: `ca.pem` is then another one, which
/// everybody has to be given; the old certificate is kept as `ca-old-<digest>.pem`, so that it can be
/// found and removed from trust stores, and its key is destroyed. Taking a domain away keeps the
/// authority, but nothing is issued for that domain any more.
///
/// **Certificates** are issued for one exact name at a time (OpenSSL refuses wildcards directly under
/// a top-level name such as `*.localhost`), are valid 90 days, kept in memory, and issued anew when
/// less than 30 days are left. All of one process share one key, so that a new name costs a signature.
///
/// Thread-safe: one caller issues at a time. Blocking: virtual threads only.
public final class LocalAuthority {
    private static final Logger LOG = LoggerFactory.getLogger(LocalAuthority.class);
    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final int CACHED = 1000;
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<String> TUNNEL_NAMES =
            List.of("h2.cftunnel.com", "quic.cftunnel.com", "probe.cftunnel.com");

    private final Path certificateFile;
    private final Outcome outcome;
    private final CertificateAuthority authority;
    private final Set<String> domains;
    private final InstantSource clock;
    private final KeyPair leafKeys = CertificateAuthority.newKeyPair();

    /// Issued, least recently used first. The names in it are normal forms, so `@…` is free for ours.
    private final LinkedHashMap<String, KeyMaterial> issued = new LinkedHashMap<>(64, 0.75f, true);

    /// What opening found.
    public sealed interface Outcome {
        /// There was none: users are to be given `ca.pem`.
        record Created() implements Outcome {}

        /// The authority of last time.
        record Kept() implements Outcome {}

        /// A new authority: users and connectors have to be given the new `ca.pem`.
        ///
        /// @param old where the old certificate is
        /// @param reason one sentence for the user
        record Replaced(Path old, String reason) implements Outcome {}
    }

    private LocalAuthority(
            Path certificateFile,
            Outcome outcome,
            CertificateAuthority authority,
            Set<String> domains,
            InstantSource clock) {
        this.certificateFile = certificateFile;
        this.outcome = outcome;
        this.authority = authority;
        this.domains = domains;
        this.clock = clock;
    }

    /// Opens or makes the authority in a state directory.
    ///
    /// @param configured domains the edge serves, such as `example.com`
    public static LocalAuthority open(Path directory, List<String> configured)
            throws StateException {
        return open(directory, configured, InstantSource.system());
    }

    static LocalAuthority open(Path directory, List<String> configured, InstantSource clock)
            throws StateException {
        Set<String> domains = new LinkedHashSet<>();
        for (String domain : configured) {
            domains.add(Hostname.parse(domain).suffix());
        }
        domains.addAll(List.of("localhost", "cftunnel.com"));
        Path pem = directory.resolve("ca.pem");
        Path key = directory.resolve("ca.key");
        CertificateAuthority old = read(pem, key);
        String reason = old == null ? null : reasonToReplace(old, domains, clock.instant(), pem);
        if (old != null && reason == null) {
            return new LocalAuthority(pem, new Outcome.Kept(), old, domains, clock);
        }
        Outcome outcome = new Outcome.Created();
        if (old != null && reason != null) {
            Path kept = directory.resolve("ca-old-" + digest(old) + ".pem");
            write(kept, old);
            outcome = new Outcome.Replaced(kept, reason);
        }
        CertificateAuthority fresh =
                CertificateAuthority.create(List.copyOf(domains), clock.instant());
        // The key goes first: a crash in between leaves a pair that does not match, which is made
        // anew.
        PrivateFiles.write(key, PemText.of("PRIVATE KEY", fresh.key().getEncoded()));
        write(pem, fresh);
        if (outcome instanceof Outcome.Replaced replaced) {
            LOG.warn(
                    "Local certificate authority replaced: give users and connectors the new"
                            + " file reason=\"{}\" file={} old={}",
                    replaced.reason(),
                    pem,
                    replaced.old());
        } else {
            LOG.info("Local certificate authority made file={}", pem);
        }
        return new LocalAuthority(pem, outcome, fresh, domains, clock);
    }

    private static void write(Path file, CertificateAuthority authority) throws StateException {
        try {
            PrivateFiles.write(
                    file, PemText.of("CERTIFICATE", authority.certificate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has a form", e);
        }
    }

    private static @Nullable CertificateAuthority read(Path pem, Path key) throws StateException {
        if (!Files.exists(pem)) {
            return null;
        }
        try {
            var certificate =
                    PemText.certificates(PrivateFiles.read(pem, MAX_FILE_BYTES)).getFirst();
            return new CertificateAuthority(
                    PemText.privateKey(PrivateFiles.read(key, MAX_FILE_BYTES)), certificate);
        } catch (PemText.BadPemException | NoSuchFileException e) {
            throw new StateException(
                    Code.STORAGE,
                    "the local authority in "
                            + pem
                            + " and "
                            + key
                            + " is damaged: "
                            + (e instanceof NoSuchFileException
                                    ? "the key is missing"
                                    : e.getMessage()),
                    "restore both from your backup, or remove both to have a new authority made"
                            + " (everybody has to trust it again)",
                    e);
        }
    }

    private static @Nullable String reasonToReplace(
            CertificateAuthority old, Set<String> domains, Instant now, Path pem)
            throws StateException {
        if (!KeyPairs.match(old.key(), old.certificate().getPublicKey())) {
            return "its key does not belong to its certificate";
        }
        if (old.certificate().getNotAfter().toInstant().isBefore(now.plus(RENEW_BEFORE))) {
            return "it expires on " + old.certificate().getNotAfter().toInstant();
        }
        try {
            Set<String> permitted = Set.copyOf(old.permittedDomains());
            for (String domain : domains) {
                if (!within(domain, permitted)) {
                    return "it does not permit the domain " + domain;
                }
            }
            return null;
        } catch (IOException | IllegalArgumentException e) {
            throw new StateException(
                    Code.STORAGE,
                    pem + " has name constraints that cannot be read",
                    "restore it from your backup",
                    e);
        }
    }

    private static boolean within(String name, Set<String> domains) {
        for (String suffix = name; ; suffix = suffix.substring(suffix.indexOf('.') + 1)) {
            if (domains.contains(suffix)) {
                return true;
            }
            if (suffix.indexOf('.') < 0) {
                return false;
            }
        }
    }

    private static String digest(CertificateAuthority authority) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(authority.certificate().getEncoded());
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /// `ca.pem`: what users and connectors are to trust.
    public Path certificateFile() {
        return certificateFile;
    }

    /// What opening found, for the start-up messages.
    public Outcome outcome() {
        return outcome;
    }

    /// Whether it certifies this name.
    ///
    /// @param host lower case, without port
    public boolean permits(String host) {
        return within(host, domains);
    }

    /// A certificate for one exact name, or null when the name is not permitted or no host name.
    public @Nullable KeyMaterial forName(String host) {
        if (!permits(host)) {
            return null;
        }
        try {
            Hostname name = Hostname.parse(host);
            if (name.isWildcard()) {
                return null;
            }
            return issued(name.text(), List.of(new GeneralName(GeneralName.dNSName, name.text())));
        } catch (StateException e) {
            return null;
        }
    }

    /// The certificate of the tunnel listener, for the names connectors ask for.
    public KeyMaterial tunnelListener() {
        List<GeneralName> names = new ArrayList<>();
        for (String name : TUNNEL_NAMES) {
            names.add(new GeneralName(GeneralName.dNSName, name));
        }
        return issued("@tunnel", names);
    }

    /// The certificate for clients that name no host or an unknown one: `localhost`, 127.0.0.1, ::1.
    public KeyMaterial loopback() {
        return issued(
                "@loopback",
                List.of(
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.iPAddress, "::1")));
    }

    /// A certificate that ends with its authority would not last longer if it were issued anew.
    private boolean lasts(Instant end, Instant now) {
        return end.isAfter(now.plus(RENEW_BEFORE))
                || end.equals(authority.certificate().getNotAfter().toInstant());
    }

    private synchronized KeyMaterial issued(String key, List<GeneralName> names) {
        Instant now = clock.instant();
        KeyMaterial known = issued.get(key);
        if (known != null && lasts(known.leaf().getNotAfter().toInstant(), now)) {
            return known;
        }
        KeyMaterial fresh = authority.issue(leafKeys, names, now);
        issued.put(key, fresh);
        if (issued.size() > CACHED) {
            issued.pollFirstEntry();
        }
        return fresh;
    }
}
