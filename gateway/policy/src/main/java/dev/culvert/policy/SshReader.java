package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.NearestName;
import dev.culvert.config.Shown;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the key `ssh` of applications and of policies. Stateless.
final class SshReader {
    private static final String KEY = "ssh";
    private static final Duration SHORTEST_CERTIFICATE = Duration.ofMinutes(1);
    private static final Duration LONGEST_CERTIFICATE = Duration.ofHours(24);
    private static final int MAX_NAMES = 64;

    /// What `useradd` and directories have for login names, and `{user}` in it.
    private static final Pattern PRINCIPAL =
            Pattern.compile("(?:[A-Za-z0-9_.@+-]|\\{user\\}){1,64}");

    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");
    private static final Pattern PUBLIC_KEY =
            Pattern.compile("[a-z0-9@.-]{1,64} [A-Za-z0-9+/]{16,8192}={0,2}(?: .*)?");

    private static final Map<String, SshSettings.Passage> PASSAGES =
            Map.of(
                    "audited", SshSettings.Passage.AUDITED,
                    "passthrough", SshSettings.Passage.PASSTHROUGH);
    private static final Map<String, SshSettings.Recording> RECORDINGS =
            Map.of(
                    "off", SshSettings.Recording.OFF,
                    "best_effort", SshSettings.Recording.BEST_EFFORT,
                    "required", SshSettings.Recording.REQUIRED);
    private static final Map<String, SshRights.Use> USES = new TreeMap<>();

    static {
        for (SshRights.Use use : SshRights.Use.values()) {
            USES.put(use.word(), use);
        }
    }

    private SshReader() {}

    static SshSettings settings(ConfigMap application, Application.Kind kind) {
        ConfigMap map = ssh(application, kind);
        if (map == null) {
            return SshSettings.DEFAULT;
        }
        SshSettings absent = SshSettings.DEFAULT;
        SshSettings read =
                new SshSettings(
                        map.choice("gateway", absent.gateway(), PASSAGES),
                        map.choice("recording", absent.recording(), RECORDINGS),
                        map.duration(
                                "certificate_life",
                                absent.certificateLife(),
                                SHORTEST_CERTIFICATE,
                                LONGEST_CERTIFICATE),
                        keys(map, "host_keys", true),
                        keys(map, "host_authorities", false));
        if (read.gateway() == SshSettings.Passage.PASSTHROUGH
                && read.recording() == SshSettings.Recording.REQUIRED) {
            map.problem(
                    "gateway",
                    "passthrough cannot be recorded, and recording is required"
                            + " (expected: audited, or another recording)");
        }
        map.finish();
        return read;
    }

    private static @Nullable ConfigMap ssh(ConfigMap of, Application.Kind kind) {
        ConfigMap map = of.map(KEY);
        if (map != null && kind != Application.Kind.SSH) {
            of.problem(KEY, "is for applications of kind ssh");
        }
        return map;
    }

    private static List<String> keys(ConfigMap map, String name, boolean fingerprints) {
        List<String> read = map.texts(name);
        for (String key : read) {
            boolean good =
                    PUBLIC_KEY.matcher(key).matches()
                            || (fingerprints && FINGERPRINT.matcher(key).matches());
            if (!good) {
                map.problem(
                        name,
                        Shown.value(key)
                                + " (expected: such as ssh-ed25519 AAAA…"
                                + (fingerprints
                                        ? ", or SHA256:… as ssh-keygen -l shows it)"
                                        : ")"));
            }
        }
        if (read.size() > MAX_NAMES) {
            map.problem(name, read.size() + " keys (expected: at most " + MAX_NAMES + ")");
        }
        return read;
    }

    /// @param action null when that was a problem
    static SshRights rights(
            ConfigMap policy, Application.Kind kind, Policy.@Nullable Action action) {
        ConfigMap map = ssh(policy, kind);
        if (map == null) {
            return SshRights.DEFAULT;
        }
        if (action == Policy.Action.BLOCK) {
            policy.problem(KEY, "means nothing where the decision is block");
        }
        SshRights absent = SshRights.DEFAULT;
        SshRights read =
                new SshRights(
                        map.has("principals") ? principals(map) : absent.principals(),
                        map.has("allow") ? allowed(map) : absent.allowed(),
                        map.bool("record_input", absent.recordInput()));
        map.finish();
        return read;
    }

    private static List<String> principals(ConfigMap map) {
        List<String> read = new ArrayList<>();
        for (String name : map.texts("principals")) {
            if (PRINCIPAL.matcher(name).matches()) {
                read.add(name);
            } else {
                map.problem(
                        "principals",
                        Shown.value(name)
                                + " (expected: login names of at most 64 letters, digits and"
                                + " _ . @ + -, or {user})");
            }
        }
        if (read.size() > MAX_NAMES) {
            map.problem("principals", read.size() + " names (expected: at most " + MAX_NAMES + ")");
        }
        return read;
    }

    private static Set<SshRights.Use> allowed(ConfigMap map) {
        Set<SshRights.Use> read = EnumSet.noneOf(SshRights.Use.class);
        for (String word : map.texts("allow")) {
            SshRights.Use use = USES.get(word);
            if (use != null) {
                read.add(use);
                continue;
            }
            String meant = NearestName.of(word, List.copyOf(USES.keySet()));
            map.problem(
                    "allow",
                    Shown.value(word)
                            + " (expected: "
                            + String.join(", ", USES.keySet())
                            + ")"
                            + (meant == null ? "" : " (did you mean " + meant + "?)"));
        }
        return read;
    }
}
