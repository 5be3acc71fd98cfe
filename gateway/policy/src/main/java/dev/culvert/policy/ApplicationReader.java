package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.Shown;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads applications; each name, place and audience belongs to one. Confined to one thread.
final class ApplicationReader {
    static final Duration DEFAULT_SESSION = Duration.ofHours(24);

    private static final Map<String, Application.Kind> KINDS =
            Map.of(
                    "web", Application.Kind.WEB,
                    "ssh", Application.Kind.SSH,
                    "rdp", Application.Kind.RDP,
                    "vnc", Application.Kind.VNC,
                    "telnet", Application.Kind.TELNET,
                    "tcp", Application.Kind.TCP);
    private static final Pattern AUD = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_CONTACT = 200;

    private final PolicyReader policies;
    private final UniqueNames names = new UniqueNames("application");
    private final Map<String, String> ofPlace = new HashMap<>();
    private final Map<String, String> ofAud = new HashMap<>();

    /// @param check null when the groups are not sound
    ApplicationReader(ConditionsReader conditions, @Nullable RulesCheck check) {
        this.policies = new PolicyReader(conditions, check);
    }

    /// @return null without a name that can be used; that was reported then
    @Nullable Application read(ConfigMap map) {
        String written = names.read(map);
        String name = written == null ? "" : written;
        Application.Kind kind = map.choice("kind", Application.Kind.WEB, KINDS);
        boolean browser = browser(map, kind);
        Application read =
                new Application(
                        name,
                        aud(map, name),
                        places(map, name),
                        kind,
                        PolicyReader.session(map, DEFAULT_SESSION),
                        loginMethods(map),
                        policies.readAll(map, kind),
                        map.bool("listed", true),
                        contact(map),
                        map.bool("preflight", false),
                        browser,
                        SshReader.settings(map, kind),
                        DesktopReader.settings(map, kind, browser));
        map.finish();
        return written == null ? null : read;
    }

    /// Audience of an application that is given none: the same whenever and wherever its rules are read.
    static String aud(String name) {
        try {
            byte[] text = ("culvert application\n" + name).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String aud(ConfigMap map, String name) {
        String written = map.text("aud");
        if (written != null && !AUD.matcher(written).matches()) {
            map.problem(
                    "aud",
                    Shown.value(written) + " (expected: 64 hexadecimal digits, in lower case)");
        }
        String aud = written == null ? aud(name) : written;
        String other = ofAud.putIfAbsent(aud, name);
        if (other != null && !other.equals(name)) {
            map.problem("aud", "is the audience of " + Shown.value(other) + " already");
        }
        return aud;
    }

    private List<Application.Place> places(ConfigMap map, String name) {
        ConfigValue value = map.value("domains");
        List<ConfigValue> elements =
                value == null ? List.of() : value.isList() ? value.elements() : List.of(value);
        if (elements.isEmpty()) {
            map.problem("domains", "missing (expected: such as [app.example.com])");
        }
        List<Application.Place> places = new ArrayList<>();
        for (ConfigValue element : elements) {
            Application.Place place = PlaceReader.read(element);
            if (place == null) {
                continue;
            }
            String other = ofPlace.putIfAbsent(normal(place), name);
            if (other == null) {
                places.add(place);
            } else if (other.equals(name)) {
                element.problem("given twice");
            } else {
                element.problem("belongs to " + Shown.value(other) + " already");
            }
        }
        return places;
    }

    private static String normal(Application.Place place) {
        return place.host() + PathReadings.normal(place.path());
    }

    private static List<String> loginMethods(ConfigMap map) {
        Set<String> methods = new LinkedHashSet<>(map.texts("login_methods"));
        if (map.has("login_methods") && methods.isEmpty()) {
            map.problem("login_methods", "is empty (expected: names; leave it out for all)");
        }
        return List.copyOf(methods);
    }

    private static boolean browser(ConfigMap map, Application.Kind kind) {
        boolean browser = map.bool("browser", false);
        if (browser && kind != Application.Kind.SSH && !kind.isDesktop()) {
            map.problem("browser", "true is for applications of kind ssh, rdp, vnc or telnet");
        }
        return browser;
    }

    private static @Nullable String contact(ConfigMap map) {
        String contact = map.text("contact");
        if (contact != null && contact.length() > MAX_CONTACT) {
            map.problem("contact", "is longer than " + MAX_CONTACT + " characters");
        }
        return contact;
    }
}
