package dev.culvert.connector.assertion;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the key `access`. A rule's `access` replaces the top level's as a whole. Pure, but for what it
/// is given to look at files with.
public final class AccessReader {
    private static final Pattern TEAM =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final int MAX_AUDIENCES = 100;

    private AccessReader() {}

    /// @param caProblem what is wrong with a PEM file, or null
    public static @Nullable AccessSettings read(
            ConfigMap originRequest,
            @Nullable AccessSettings inherited,
            Function<Path, @Nullable String> caProblem) {
        ConfigMap map = originRequest.map("access");
        if (map == null) {
            return inherited;
        }
        boolean required = map.bool("required", false);
        String team = text(map, "teamName");
        String environment =
                map.choice(
                        "environment", "", Map.of("", "", AccessSettings.FED, AccessSettings.FED));
        List<String> audiences = map.texts("audTag");
        URI issuer = url(map, "issuer");
        URI certs = url(map, "certsUrl");
        Path pool = pool(map, caProblem);
        map.finish();
        if (!team.isEmpty() && !TEAM.matcher(team).matches()) {
            map.problem(
                    "teamName",
                    Shown.value(team)
                            + " (expected: the first label of TEAM.cloudflareaccess.com)");
        }
        if (audiences.size() > MAX_AUDIENCES) {
            map.problem(
                    "audTag",
                    audiences.size() + " values (expected: at most " + MAX_AUDIENCES + ")");
        }
        if (issuer != null && !team.isEmpty()) {
            map.problem("issuer", "stands beside teamName (expected: one of both)");
        } else if (required && issuer == null && team.isEmpty() && !audiences.isEmpty()) {
            map.problem("", "has audTag and no teamName (expected: teamName, or issuer)");
        } else if (issuer == null && team.isEmpty() && certs != null) {
            map.problem("certsUrl", "has no issuer (expected: issuer, or teamName)");
        }
        Set<String> tags = new HashSet<>(audiences);
        String issuerText = issuer == null ? null : text(map, "issuer");
        return new AccessSettings(required, team, tags, environment, issuerText, certs, pool);
    }

    private static String text(ConfigMap map, String key) {
        String text = map.text(key);
        return text == null ? "" : text;
    }

    /// HTTPS, or HTTP to this very machine: whoever can change keys on their way lets anybody in.
    private static @Nullable URI url(ConfigMap map, String key) {
        String text = map.text(key);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            boolean local =
                    host != null
                            && (host.equals("localhost")
                                    || host.equals("127.0.0.1")
                                    || host.equals("[::1]"));
            if (host != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme()) && local))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Reported below, as every other text that is none.
        }
        map.problem(
                key,
                Shown.value(text) + " (expected: an https:// address, or http:// of 127.0.0.1)");
        return null;
    }

    private static @Nullable Path pool(ConfigMap map, Function<Path, @Nullable String> caProblem) {
        String text = map.text("caPool");
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            Path file = Path.of(text);
            String problem = caProblem.apply(file);
            if (problem != null) {
                map.problem("caPool", problem);
            }
            return file;
        } catch (InvalidPathException e) {
            map.problem("caPool", Shown.value(text) + " (expected: a file)");
            return null;
        }
    }
}
