package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What tests used and nothing may write down: passwords, codes, tokens, cookies. Used by one thread.
final class Secrets {
    /// Shorter ones are looked for as words of texts: they may be a part of something else.
    private static final int LONG = 12;

    private final Map<String, String> kinds = new LinkedHashMap<>();

    void add(String kind, String secret) {
        if (!secret.isEmpty()) {
            kinds.put(secret, kind);
        }
    }

    Collection<String> kinds() {
        return kinds.values();
    }

    /// Fails when a file of these directories holds a long one, whatever kind of file it is.
    void expectNoneBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                kinds.forEach((secret, kind) -> {
                    if (secret.length() >= LONG) {
                        assertThat(bytes.contains(secret)).as("%s in %s", kind, file).isFalse();
                    }
                });
            }
        }
    }

    /// Fails when a text holds one.
    void expectNoneIn(String what, String text) {
        kinds.forEach((secret, kind) ->
                assertThat(pattern(secret).matcher(text).results())
                        .as(() -> "%s in %s: %s".formatted(kind, what, around(text, secret)))
                        .isEmpty());
    }

    /// A number of JSON is no code.
    private static Pattern pattern(String secret) {
        String quoted = Pattern.quote(secret);
        return Pattern.compile(
                secret.length() >= LONG ? quoted : "(?<!\\w)(?<!\":)" + quoted + "(?!\\w)");
    }

    private static String around(String text, String secret) {
        int at = Math.max(0, text.indexOf(secret));
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
    }
}
