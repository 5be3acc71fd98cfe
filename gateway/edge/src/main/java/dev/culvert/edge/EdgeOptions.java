package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.GoDuration;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.config.Shown;
import dev.culvert.config.YamlFile;
import dev.culvert.edge.certificates.CertificateFiles;
import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.StateException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `gateway edge`; a picocli mix-in. The command line wins over the file, and lists are
/// replaced, not joined. Everything is checked together, so that all problems show at once. Confined to
/// one thread.
public final class EdgeOptions {
    private static final Duration LONGEST_GRACE = Duration.ofHours(24);

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (YAML).")
    @Nullable Path config;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory (default: ~/.culvert/edge; CULVERT_STATE).")
    @Nullable String state;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Key of the tunnel secrets (default: in the state directory).")
    @Nullable String keyFile;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Public HTTPS (default: 0.0.0.0:443).")
    @Nullable String listen;

    @Option(
            names = "--tunnel-listen",
            paramLabel = "HOST:PORT",
            description = "Where connectors come in (default: 0.0.0.0:7844).")
    @Nullable String tunnelListen;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "/metrics, /ready, /healthz (default: 127.0.0.1:7845).")
    @Nullable String metrics;

    @Option(
            names = "--no-quic",
            description = "Connectors come over TCP only (default: UDP too, for QUIC).")
    boolean noQuic;

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            description =
                    "Domain the edge's own authority may certify, with all names below it;"
                            + " repeatable.")
    @Nullable List<String> domains;

    @Option(
            names = "--certificate",
            paramLabel = "CERT.PEM:KEY.PEM",
            description = "Certificate chain and key for the public side; repeatable.")
    @Nullable List<String> certificates;

    @Option(
            names = "--location",
            paramLabel = "TEXT",
            description = "Name of this edge in connectors' logs (default: culvert).")
    @Nullable String location;

    @Option(
            names = "--grace-period",
            paramLabel = "TIME",
            description = "Time for open streams to finish on shutdown (default: 30s).")
    @Nullable String gracePeriod;

    /// Reads everything and checks it. Blocking.
    ///
    /// @param home the user's home directory
    /// @param stateFromEnvironment `CULVERT_STATE`, or null
    /// @throws InvalidConfigException with all that is wrong
    public EdgeConfig load(Path home, @Nullable String stateFromEnvironment)
            throws InvalidConfigException {
        ProblemList problems = new ProblemList();
        ConfigMap file = config == null ? null : YamlFile.read(config, problems);
        if (file == null) {
            file =
                    Objects.requireNonNull(
                            YamlFile.parse("configuration", "", problems), "empty text");
        }
        Reading reading = new Reading(file, problems);
        Path stateDirectory = reading.path(state, "state");
        if (stateDirectory == null) {
            stateDirectory =
                    stateFromEnvironment == null || stateFromEnvironment.isEmpty()
                            ? home.resolve(".culvert").resolve("edge")
                            : Path.of(stateFromEnvironment);
        }
        EdgeConfig read =
                new EdgeConfig(
                        stateDirectory.toAbsolutePath().normalize(),
                        reading.path(keyFile, "key-file"),
                        reading.address(listen, "listen", "0.0.0.0:443"),
                        reading.address(tunnelListen, "tunnel-listen", "0.0.0.0:7844"),
                        !noQuic && file.bool("quic", true),
                        reading.address(metrics, "metrics", "127.0.0.1:7845"),
                        reading.domains(domains),
                        reading.certificates(certificates),
                        reading.location(location),
                        reading.grace(gracePeriod),
                        file.integer("max-streams", EdgeConfig.DEFAULT_MAX_STREAMS, 1, 1_000_000),
                        LimitsReader.read(file),
                        AccessReader.read(file));
        file.finish();
        problems.throwIfAny();
        return read;
    }

    /// One reading of command line and file.
    private record Reading(ConfigMap file, ProblemList problems) {

        @Nullable String text(@Nullable String option, String key) {
            String fromFile = file.text(key);
            return option != null ? option : fromFile;
        }

        void problem(@Nullable String option, String key, String problem) {
            if (option != null) {
                problems.add("command line", "--" + key, problem);
            } else {
                file.problem(key, problem);
            }
        }

        @Nullable Path path(@Nullable String option, String key) {
            String text = text(option, key);
            if (text == null) {
                return null;
            }
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                problem(option, key, Shown.value(text) + " (expected: a path)");
                return null;
            }
            return Path.of(text);
        }

        InetSocketAddress address(@Nullable String option, String key, String absent) {
            String text = text(option, key);
            String wanted = text == null ? absent : text;
            return ListenAddress.read(wanted, what -> problem(option, key, what));
        }

        List<String> domains(@Nullable List<String> option) {
            List<String> fromFile = file.texts("domains");
            List<String> wanted = option == null ? fromFile : option;
            for (String domain : wanted) {
                try {
                    Hostname.parse(domain);
                } catch (StateException e) {
                    problem(
                            option == null ? null : domain,
                            option == null ? "domains" : "domain",
                            String.valueOf(e.getMessage()));
                }
            }
            return List.copyOf(wanted);
        }

        List<CertificateFiles.Pair> certificates(@Nullable List<String> option) {
            List<CertificateFiles.Pair> pairs = new ArrayList<>();
            for (ConfigMap pair : file.maps("certificates")) {
                String certificate = pair.text("certificate");
                String key = pair.text("key");
                if (certificate == null) {
                    pair.problem("certificate", "missing (expected: a PEM file)");
                }
                if (key == null) {
                    pair.problem("key", "missing (expected: a PEM file)");
                }
                if (certificate != null && key != null) {
                    pairs.add(new CertificateFiles.Pair(Path.of(certificate), Path.of(key)));
                }
                pair.finish();
            }
            if (option == null) {
                return pairs;
            }
            pairs.clear();
            for (String pair : option) {
                int colon = pair.indexOf(':');
                if (colon <= 0 || colon == pair.length() - 1) {
                    problems.add(
                            "command line",
                            "--certificate",
                            Shown.value(pair) + " (expected: CERT.PEM:KEY.PEM)");
                } else {
                    pairs.add(
                            new CertificateFiles.Pair(
                                    Path.of(pair.substring(0, colon)),
                                    Path.of(pair.substring(colon + 1))));
                }
            }
            return pairs;
        }

        String location(@Nullable String option) {
            String text = text(option, "location");
            if (text == null) {
                return "culvert";
            }
            if (text.length() > 64 || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                problem(
                        option,
                        "location",
                        Shown.value(text) + " (expected: at most 64 visible characters)");
            }
            return text;
        }

        Duration grace(@Nullable String option) {
            Duration fromFile =
                    file.duration(
                            "grace-period", EdgeConfig.DEFAULT_GRACE, Duration.ZERO, LONGEST_GRACE);
            if (option == null) {
                return fromFile;
            }
            try {
                Duration wanted = GoDuration.parse(option);
                if (!wanted.isNegative() && wanted.compareTo(LONGEST_GRACE) <= 0) {
                    return wanted;
                }
            } catch (IllegalArgumentException e) {
                // Reported below, like a value out of range.
            }
            problem(
                    option,
                    "grace-period",
                    Shown.value(option) + " (expected: 0s to 24h, such as 30s)");
            return fromFile;
        }
    }
}
