package dev.culvert.edge.certificates;

import dev.culvert.edge.certificates.CertificateFiles.Pair;
import dev.culvert.edge.state.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One certificate and key on disk with what was last read from them. Used by one thread at a time.
final class WatchedPair {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedPair.class);
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int DNS_NAME = 2;

    private final Pair files;
    private FileStamp certificateStamp;
    private FileStamp keyStamp;
    private String digest;
    private Parsed parsed;

    private record Parsed(KeyMaterial material, List<String> names) {}

    private WatchedPair(
            Pair files, FileStamp certificateStamp, FileStamp keyStamp, byte[][] content)
            throws BadCertificateException {
        this.files = files;
        this.certificateStamp = certificateStamp;
        this.keyStamp = keyStamp;
        this.digest = digest(content);
        this.parsed = parse(files, content);
    }

    static WatchedPair load(Pair files) throws BadCertificateException {
        // Looked at before reading, so that a change in between is seen as one next time.
        FileStamp certificate = FileStamp.of(files.certificate());
        FileStamp key = FileStamp.of(files.key());
        return new WatchedPair(files, certificate, key, content(files));
    }

    Pair files() {
        return files;
    }

    KeyMaterial material() {
        return parsed.material();
    }

    /// Lower case, in the certificate's order.
    List<String> names() {
        return parsed.names();
    }

    /// @return whether something new was taken
    boolean reload() throws BadCertificateException {
        FileStamp certificate = FileStamp.of(files.certificate());
        FileStamp key = FileStamp.of(files.key());
        if (certificate.equals(certificateStamp) && key.equals(keyStamp)) {
            return false;
        }
        certificateStamp = certificate;
        keyStamp = key;
        byte[][] content = content(files);
        String fresh = digest(content);
        if (fresh.equals(digest)) {
            return false;
        }
        parsed = parse(files, content);
        digest = fresh;
        return true;
    }

    private static byte[][] content(Pair files) throws BadCertificateException {
        return new byte[][] {read(files.certificate()), read(files.key())};
    }

    /// At most 1 MiB.
    static byte[] read(Path file) throws BadCertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_FILE_BYTES + 1);
            if (content.length > MAX_FILE_BYTES) {
                throw bad(file, "is longer than 1 MiB (expected: PEM text)");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw bad(file, "is missing (expected: PEM text)");
        } catch (IOException e) {
            throw bad(file, "cannot be read: " + e);
        }
    }

    private static Parsed parse(Pair files, byte[][] content) throws BadCertificateException {
        List<String> problems = new ArrayList<>();
        List<X509Certificate> chain = List.of();
        PrivateKey key = null;
        try {
            chain = PemText.certificates(content[0]);
        } catch (PemText.BadPemException e) {
            problems.add(files.certificate() + ": " + e.getMessage());
        }
        try {
            key = PemText.privateKey(content[1]);
        } catch (PemText.BadPemException e) {
            problems.add(files.key() + ": " + e.getMessage());
        }
        if (!problems.isEmpty() || key == null) {
            throw new BadCertificateException(problems);
        }
        X509Certificate leaf = chain.getFirst();
        if (!KeyPairs.match(key, leaf.getPublicKey())) {
            throw bad(
                    files.key(),
                    "does not belong to "
                            + files.certificate()
                            + " (expected: the key of its first certificate)");
        }
        List<String> names = names(leaf);
        if (names.isEmpty()) {
            throw bad(
                    files.certificate(), "names no host (expected: subjectAltName with DNS names)");
        }
        if (leaf.getNotAfter().toInstant().isBefore(Instant.now())) {
            LOG.warn(
                    "Certificate has expired file={} until={}",
                    files.certificate(),
                    leaf.getNotAfter().toInstant());
        }
        return new Parsed(new KeyMaterial(key, chain), names);
    }

    private static List<String> names(X509Certificate leaf) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (Objects.equals(name.get(0), DNS_NAME)) {
                    names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            LOG.debug("Alternative names cannot be read", e);
        }
        return List.copyOf(names);
    }

    private static String digest(byte[][] content) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] file : content) {
                sha256.update(length(file));
                sha256.update(file);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private static byte[] length(byte[] file) {
        return ByteBuffer.allocate(4).putInt(file.length).array();
    }

    private static BadCertificateException bad(Path file, String problem) {
        return new BadCertificateException(List.of(file + ": " + problem));
    }
}
