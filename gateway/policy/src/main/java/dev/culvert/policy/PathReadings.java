package dev.culvert.policy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/// The ways in which an origin could read a path. Servers, frameworks and file systems differ, and whoever
/// wants past a policy writes a path that the edge reads in one way and the origin in another. So each
/// difference below is tried both ways, in all combinations, on each text of [PathTexts], and what comes
/// of it is decoded and read again, as by two servers in a row:
///
/// | difference | such as | who |
/// |---|---|---|
/// | `\` separates segments | `/a\..\admin` | IIS, .NET |
/// | `;` begins parameters of a segment | `/a/..;/admin`, `/admin;x` | Tomcat, Jetty, Spring |
/// | `?` and `#` that come from decoding end the path | `/admin%3f` | what decodes before it splits |
/// | dots and spaces at the end of a segment go | `/admin.`, `/admin%20` | Windows |
/// | dot segments are resolved | `/a/../admin` | all but some routers and proxies |
/// | empty segments go before that | `/a//../admin` | nginx and others; not RFC 3986 |
///
/// Empty segments that are left, a final slash and upper and lower case make no difference anywhere.
///
/// Bounds: what needs more than 64 Ki characters of reading is not read. Stateless.
final class PathReadings {
    private static final int MAX_WORK = 1 << 16;

    /// A path that was encoded three times over is nobody's mistake.
    private static final int MAX_STAGES = 5;

    private static final Pattern SEPARATORS = Pattern.compile("[/\\\\;?#]");

    private static final int BACKSLASH = 1;
    private static final int PARAMETERS = 2;
    private static final int QUERY = 4;
    private static final int ENDINGS = 8;
    private static final int DOTS = 16;
    private static final int EMPTY = 32;

    private PathReadings() {}

    /// Whether the path of a request can be read in one way only, and is written in that way.
    ///
    /// @param received with or without the query
    static boolean isClear(String received) {
        char before = 0;
        for (int i = 0; i < received.length(); i++) {
            char c = received.charAt(i);
            if (c == '?') {
                return i > 0 && before != '.';
            }
            if (i == 0 && c != '/') {
                return false;
            }
            if (c == '/' ? before == '/' || before == '.' : !isPlain(c)) {
                return false;
            }
            before = c;
        }
        return before != 0 && before != '.';
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~!$&'()*+,=:@".indexOf(c) >= 0;
    }

    /// All readings, each as [#normal] writes it.
    ///
    /// @param received with or without the query
    /// @return empty when it cannot be read within bounds, or has something in it that no reading should
    static Set<String> of(String received) {
        int query = received.indexOf('?');
        Set<String> readings = new LinkedHashSet<>();
        Set<String> known = new HashSet<>();
        long work = 0;
        try {
            Set<String> texts =
                    Set.of(PathTexts.first(query < 0 ? received : received.substring(0, query)));
            for (int stage = 0; !texts.isEmpty(); stage++) {
                Set<String> next = new LinkedHashSet<>();
                for (String text : texts) {
                    int differences = differences(text);
                    work += (long) (text.length() + 1) << Integer.bitCount(differences);
                    if (work > MAX_WORK
                            || stage == MAX_STAGES
                            || ((differences & ENDINGS) != 0 && hasOddDots(text))) {
                        return Set.of();
                    }
                    for (String path : paths(text, differences)) {
                        readings.add(normal(path));
                        next.addAll(PathTexts.further(path));
                    }
                }
                next.removeIf(text -> !known.add(text));
                texts = next;
            }
        } catch (PathTexts.UnreadableException e) {
            return Set.of();
        }
        return readings;
    }

    private static Set<String> paths(String text, int differences) {
        Set<String> paths = new LinkedHashSet<>();
        for (int some = differences; ; some = (some - 1) & differences) {
            paths.add(path(text, some));
            if (some == 0) {
                return paths;
            }
        }
    }

    /// A path that can be read in one way only, for comparing.
    static String normal(String path) {
        StringJoiner joined = new StringJoiner("/", "/", "");
        for (String segment : segments(path, 0)) {
            if (!segment.isEmpty()) {
                joined.add(segment);
            }
        }
        return Normalizer.normalize(joined.toString(), Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT);
    }

    /// Those that could matter for a text; rather too many than too few.
    private static int differences(String text) {
        int found = 0;
        for (int i = 0; i < text.length(); i++) {
            char next = i + 1 < text.length() ? text.charAt(i + 1) : '/';
            boolean endsHere = "/\\;?# .".indexOf(next) >= 0;
            switch (text.charAt(i)) {
                case '/' -> found |= endsHere ? EMPTY : 0;
                case '\\' -> found |= BACKSLASH | (endsHere ? EMPTY : 0);
                case ';' -> found |= PARAMETERS;
                case '?', '#' -> found |= QUERY;
                case ' ' -> found |= endsHere ? ENDINGS : 0;
                case '.' -> found |= endsHere ? ENDINGS | DOTS : 0;
                default -> {}
            }
        }
        // Without dot segments empty ones make no difference.
        return (found & DOTS) == 0 ? found & ~EMPTY : found;
    }

    /// Whether a segment is one such as `...` or `.. `, for which Windows has had several meanings.
    private static boolean hasOddDots(String text) {
        return SEPARATORS
                .splitAsStream(text)
                .anyMatch(segment ->
                        segment.indexOf('.') >= 0
                                && !segment.equals(".")
                                && !segment.equals("..")
                                && segment.chars().allMatch(c -> c == '.' || c == ' '));
    }

    private static String path(String text, int differences) {
        return "/" + String.join("/", segments(text, differences));
    }

    private static List<String> segments(String text, int differences) {
        List<String> segments = new ArrayList<>();
        int end = text.length();
        if ((differences & QUERY) != 0) {
            end = endOf(text, 0, "?#");
        }
        String separators = (differences & BACKSLASH) != 0 ? "/\\" : "/";
        for (int from = 0; from <= end; ) {
            int to = Math.min(end, endOf(text, from, separators));
            if (from > 0 || to > 0) {
                add(text.substring(from, to), segments, differences);
            }
            from = to + 1;
        }
        return segments;
    }

    private static void add(String written, List<String> segments, int differences) {
        String segment = written;
        if ((differences & PARAMETERS) != 0) {
            segment = segment.substring(0, endOf(segment, 0, ";"));
        }
        if ((differences & ENDINGS) != 0) {
            segment = withoutEnding(segment);
        }
        boolean dots = (differences & DOTS) != 0;
        if (dots && segment.equals("..")) {
            if (!segments.isEmpty()) {
                segments.removeLast();
            }
        } else if (!(dots && segment.equals("."))
                && !(segment.isEmpty() && (differences & EMPTY) != 0)) {
            segments.add(segment);
        }
    }

    private static String withoutEnding(String segment) {
        if (segment.equals(".") || segment.equals("..")) {
            return segment;
        }
        int end = segment.length();
        while (end > 0 && (segment.charAt(end - 1) == '.' || segment.charAt(end - 1) == ' ')) {
            end--;
        }
        return segment.substring(0, end);
    }

    private static int endOf(String text, int from, String separators) {
        for (int i = from; i < text.length(); i++) {
            if (separators.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}
