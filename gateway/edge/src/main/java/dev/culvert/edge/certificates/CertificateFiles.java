package dev.culvert.edge.certificates;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificates given as PEM files, chosen by the name a client asks for: an exact alternative name
/// first, else a wildcard one (`*.example.com`, one label); the first file in the configuration wins.
///
/// Files are looked at every few seconds once [#watch] runs. A changed pair is taken when it is whole
/// and its key fits; else the old one is kept and a warning says why, once a change.
///
/// Thread-safe: look-ups read one snapshot; one thread at a time reloads.
public final class CertificateFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final List<WatchedPair> pairs;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Index index;

    /// The files of one certificate.
    ///
    /// @param certificate the server's certificate, then those between it and the authority
    /// @param key its private key, without a passphrase
    public record Pair(Path certificate, Path key) {}

    /// Immutable.
    private record Index(
            Map<String, KeyMaterial> exact,
            Map<String, KeyMaterial> wildcards,
            @Nullable KeyMaterial first) {}

    private CertificateFiles(List<WatchedPair> pairs) {
        this.pairs = pairs;
        this.index = index(pairs);
    }

    /// Reads every pair.
    ///
    /// @throws BadCertificateException with what is wrong with all of them
    public static CertificateFiles load(List<Pair> files) throws BadCertificateException {
        List<WatchedPair> pairs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Pair pair : files) {
            try {
                pairs.add(WatchedPair.load(pair));
            } catch (BadCertificateException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BadCertificateException(problems);
        }
        return new CertificateFiles(pairs);
    }

    private static Index index(List<WatchedPair> pairs) {
        Map<String, KeyMaterial> exact = new HashMap<>();
        Map<String, KeyMaterial> wildcards = new HashMap<>();
        for (WatchedPair pair : pairs) {
            for (String name : pair.names()) {
                if (name.startsWith("*.")) {
                    wildcards.putIfAbsent(name.substring(2), pair.material());
                } else {
                    exact.putIfAbsent(name, pair.material());
                }
            }
        }
        KeyMaterial first = pairs.isEmpty() ? null : pairs.getFirst().material();
        return new Index(Map.copyOf(exact), Map.copyOf(wildcards), first);
    }

    /// The certificate for a name, or null.
    ///
    /// @param host lower case, without port
    public @Nullable KeyMaterial forName(String host) {
        Index now = index;
        KeyMaterial found = now.exact().get(host);
        int dot = host.indexOf('.');
        return found != null || dot <= 0 ? found : now.wildcards().get(host.substring(dot + 1));
    }

    /// The certificate of the first pair, or null when there is none.
    public @Nullable KeyMaterial first() {
        return index.first();
    }

    /// Looks at the files once and takes what changed. Blocking: virtual threads only.
    ///
    /// @return whether anything was taken
    public synchronized boolean reload() {
        boolean changed = false;
        for (WatchedPair pair : pairs) {
            try {
                if (pair.reload()) {
                    changed = true;
                    LOG.info(
                            "Certificate reloaded file={} names={} until={}",
                            pair.files().certificate(),
                            pair.names(),
                            pair.material().leaf().getNotAfter().toInstant());
                }
            } catch (BadCertificateException e) {
                LOG.warn(
                        "Changed certificate not taken, the old one stays in use problem=\"{}\"",
                        String.join("; ", e.problems()));
            }
        }
        if (changed) {
            index = index(pairs);
        }
        return changed;
    }

    /// Reloads every five seconds, on a thread of its own, until closed.
    public void watch() {
        Thread.ofVirtual()
                .name("certificate-files")
                .start(() -> {
                    try {
                        while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                            reloadWatched();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// One failure of an unforeseen kind must not end the watching.
    private void reloadWatched() {
        try {
            reload();
        } catch (RuntimeException e) {
            LOG.error("Looking at certificate files failed", e);
        }
    }

    /// Ends the watching. Idempotent.
    @Override
    public void close() {
        closed.countDown();
    }
}
