package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.DesktopSettings.Direction;
import dev.culvert.plugin.edge.DesktopSettings.Engine;
import dev.culvert.plugin.edge.DesktopSettings.HostTrust;
import dev.culvert.plugin.edge.DesktopSettings.Security;
import dev.culvert.plugin.edge.SshSettings.Recording;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the key `desktop` of applications. Stateless.
final class DesktopReader {
    private static final String KEY = "desktop";
    private static final int MAX_CERTIFICATES = 64;
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[0-9a-f]{64}");
    private static final Pattern KEYBOARD =
            Pattern.compile("unicode|[a-z]{2}-[a-z]{2}-[a-z]{3,12}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,253}");

    private static final Map<String, Engine> ENGINES =
            Map.of("auto", Engine.AUTO, "built_in", Engine.BUILT_IN, "guacd", Engine.GUACD);
    private static final Map<String, Direction> DIRECTIONS =
            Map.of(
                    "none", Direction.NONE,
                    "in", Direction.IN,
                    "out", Direction.OUT,
                    "both", Direction.BOTH);
    private static final Map<String, Security> SECURITIES =
            Map.of("any", Security.ANY, "tls", Security.TLS, "nla", Security.NLA);
    private static final Map<String, Recording> RECORDINGS =
            Map.of(
                    "off", Recording.OFF,
                    "best_effort", Recording.BEST_EFFORT,
                    "required", Recording.REQUIRED);

    private DesktopReader() {}

    static DesktopSettings settings(ConfigMap application, Application.Kind kind, boolean browser) {
        ConfigMap map = application.map(KEY);
        if (map == null) {
            return DesktopSettings.DEFAULT;
        }
        if (!kind.isDesktop() || !browser) {
            application.problem(
                    KEY, "is for applications of kind rdp, vnc or telnet with browser: true");
        }
        DesktopSettings absent = DesktopSettings.DEFAULT;
        DesktopSettings read =
                new DesktopSettings(
                        map.choice("engine", absent.engine(), ENGINES),
                        map.bool("programs", absent.programs()),
                        map.bool("read_only", absent.readOnly()),
                        map.choice("clipboard", absent.clipboard(), DIRECTIONS),
                        map.choice("files", absent.files(), DIRECTIONS),
                        map.bool("audio", absent.audio()),
                        map.choice("recording", absent.recording(), RECORDINGS),
                        map.bool("record_keys", absent.recordKeys()),
                        trust(map),
                        map.choice("security", absent.security(), SECURITIES),
                        keyboard(map),
                        map.duration(
                                "connect_timeout",
                                absent.connect(),
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(2)),
                        map.duration(
                                "idle_timeout", absent.idle(), Duration.ZERO, Duration.ofDays(7)),
                        map.integer("sessions_per_user", absent.sessionsPerUser(), 1, 100));
        check(map, kind, read);
        map.finish();
        return read;
    }

    private static void check(ConfigMap map, Application.Kind kind, DesktopSettings read) {
        if (read.engine() == Engine.BUILT_IN) {
            if (kind != Application.Kind.RDP) {
                map.problem("engine", "built_in speaks RDP only (expected: guacd, or auto)");
            } else if (!read.onlyGuacd().isEmpty()) {
                map.problem(
                        "engine", "built_in: " + read.onlyGuacd() + " (expected: guacd, or auto)");
            }
        }
        if (read.programs() && read.recording() == Recording.REQUIRED) {
            map.problem(
                    "programs",
                    "true, and recording is required: what client programs do is not recorded"
                            + " (expected: false, or another recording)");
        }
        if (read.recordKeys() && read.recording() == Recording.OFF) {
            map.problem("record_keys", "true, and recording is off (expected: a recording)");
        }
        if (kind == Application.Kind.TELNET && read.files() != Direction.NONE) {
            map.problem("files", "telnet has none (expected: none)");
        }
    }

    private static @Nullable String keyboard(ConfigMap map) {
        String written = map.text("keyboard");
        if (written != null && !KEYBOARD.matcher(written).matches()) {
            map.problem(
                    "keyboard",
                    Shown.value(written) + " (expected: such as de-de-qwertz, or unicode)");
            return null;
        }
        return written;
    }

    private static HostTrust trust(ConfigMap map) {
        List<String> certificates = map.texts("host_certificates");
        for (String written : certificates) {
            if (!FINGERPRINT.matcher(written).matches()) {
                map.problem(
                        "host_certificates",
                        Shown.value(written)
                                + " (expected: SHA256: and 64 hexadecimal digits in lower case, as"
                                + " gateway desktop certificates shows it)");
            }
        }
        List<String> authorities = map.texts("host_authorities");
        authorities.stream()
                .filter(written -> !isCertificate(written))
                .forEach(written ->
                        map.problem(
                                "host_authorities",
                                Shown.value(written) + " (expected: a certificate in PEM)"));
        if (certificates.size() > MAX_CERTIFICATES || authorities.size() > MAX_CERTIFICATES) {
            map.problem(
                    certificates.size() > MAX_CERTIFICATES
                            ? "host_certificates"
                            : "host_authorities",
                    "are too many (expected: at most " + MAX_CERTIFICATES + ")");
        }
        return new HostTrust(certificates, authorities, name(map, authorities));
    }

    private static @Nullable String name(ConfigMap map, List<String> authorities) {
        String name = map.text("host_name");
        if (name != null && authorities.isEmpty()) {
            map.problem("host_name", "is for certificates of host_authorities");
        } else if (name != null && !NAME.matcher(name).matches()) {
            map.problem("host_name", Shown.value(name) + " (expected: a host name)");
        }
        return name;
    }

    private static boolean isCertificate(String written) {
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(written.getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }
}
