package dev.culvert.edge.identity;

import com.maxmind.db.CHMCache;
import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Reader;
import dev.culvert.edge.state.FileStamp;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The country of an address, from a file in MaxMind's format: GeoLite2 Country or City, DB-IP's, IPinfo's.
///
/// The file is held in memory, so that looking up never waits for a disk and a file that is written over
/// while it is used does no harm. It is looked at every few seconds once [#watch] runs; one that cannot be
/// used is not taken, and a warning says why, once a change.
///
/// Thread-safe: look-ups read one snapshot, which never changes; one thread at a time reloads.
public final class CountryDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CountryDatabase.class);
    private static final Pattern CODE = Pattern.compile("[A-Z]{2}");
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /// Databases of cities are ten times as long as those of countries.
    private static final long MAX_BYTES = 512L << 20;

    /// A database of something else has none in its first networks either.
    private static final int NETWORKS_LOOKED_AT = 1000;

    private final Path file;
    private final CountDownLatch closed = new CountDownLatch(1);
    private FileStamp stamp;
    private volatile Reader reader;

    private CountryDatabase(Path file, FileStamp stamp, Reader reader) {
        this.file = file;
        this.stamp = stamp;
        this.reader = reader;
    }

    /// Reads the file. Blocking.
    ///
    /// @throws StateException when it cannot be used
    public static CountryDatabase open(Path file) throws StateException {
        // Looked at before reading, so that a change in between is seen as one next time.
        FileStamp stamp = FileStamp.of(file);
        return new CountryDatabase(file, stamp, read(file, stamp));
    }

    private static Reader read(Path file, FileStamp stamp) throws StateException {
        if (stamp.size() > MAX_BYTES) {
            throw bad(file, "is longer than 512 MiB");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Reader read = new Reader(in, new CHMCache());
            if (!hasCountries(read)) {
                throw bad(
                        file,
                        "is a database of the type "
                                + StateException.quoted(read.getMetadata().databaseType())
                                + ", without countries");
            }
            return read;
        } catch (InvalidDatabaseException | InvalidNetworkException | RuntimeException e) {
            throw bad(file, "is no MaxMind database, or is damaged");
        } catch (NoSuchFileException e) {
            throw bad(file, "does not exist");
        } catch (IOException e) {
            throw bad(file, "cannot be read: " + e);
        }
    }

    private static boolean hasCountries(Reader reader) throws IOException, InvalidNetworkException {
        int looked = 0;
        for (Iterator<? extends DatabaseRecord<?>> all = reader.networks(Map.class);
                all.hasNext() && looked < NETWORKS_LOOKED_AT;
                looked++) {
            if (code(all.next().data()) != null) {
                return true;
            }
        }
        return false;
    }

    private static StateException bad(Path file, String problem) {
        return new StateException(
                Code.INVALID,
                "country_database: "
                        + file
                        + " "
                        + problem
                        + " (expected: a database of countries, such as GeoLite2-Country.mmdb)",
                "correct the key, or leave it out: then no country is known");
    }

    /// ISO 3166-1 alpha-2 in upper case, null when it is not known.
    public @Nullable String country(InetAddress address) {
        try {
            return code(reader.get(address, Map.class));
        } catch (IOException | RuntimeException e) {
            log.debug("No country address={} cause={}", address.getHostAddress(), e.toString());
            return null;
        }
    }

    /// MaxMind's and DB-IP's are `{country: {iso_code: DE}}`, IPinfo's `{country_code: DE}` or
    /// `{country: DE}`.
    private static @Nullable String code(@Nullable Object data) {
        if (!(data instanceof Map<?, ?> fields)) {
            return null;
        }
        Object country = fields.get("country");
        Object code =
                country instanceof Map<?, ?> inner
                        ? inner.get("iso_code")
                        : fields.containsKey("country_code") ? fields.get("country_code") : country;
        return code instanceof String text && CODE.matcher(text).matches() ? text : null;
    }

    /// Looks at the file once and takes it when it has changed. Blocking: virtual threads only.
    ///
    /// @return whether it was taken
    public synchronized boolean reload() {
        FileStamp now = FileStamp.of(file);
        if (now.equals(stamp)) {
            return false;
        }
        stamp = now;
        try {
            reader = read(file, now);
            log.info(
                    "Country database reloaded file={} built={}",
                    file,
                    reader.getMetadata().buildTime());
            return true;
        } catch (StateException e) {
            log.warn(
                    "Changed country database not taken, the old one stays in use problem=\"{}\"",
                    e.getMessage());
            return false;
        }
    }

    /// Reloads every ten seconds, on a thread of its own, until closed.
    public void watch() {
        Thread.ofVirtual()
                .name("country-database")
                .start(() -> {
                    try {
                        while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                            reload();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// Ends the watching. Idempotent; countries are known still.
    @Override
    public void close() {
        closed.countDown();
    }
}
