package dev.culvert.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the common command lines of a ProxyCommand by hand: loading picocli costs 150 ms of the
/// time until the first byte. Whatever is not plainly one of the known flags is left to picocli,
/// which knows the same flags and explains mistakes.
///
/// Immutable.
final class FastArguments {
    static final List<String> FORWARDS = List.of("ssh", "tcp", "rdp", "smb");

    private FastArguments() {}

    /// The options, or null for picocli.
    static @Nullable ForwardOptions parse(String[] args) {
        if (args.length < 1 || !FORWARDS.contains(args[0])) {
            return null;
        }
        ForwardOptions options = new ForwardOptions();
        for (int i = 1; i < args.length; i++) {
            String name = args[i];
            String value = null;
            int equals = name.indexOf('=');
            if (name.startsWith("--") && equals > 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            } else if (i + 1 < args.length && name.startsWith("-")) {
                value = args[++i];
                if (value.startsWith("-")) {
                    return null;
                }
            }
            if (value == null || !set(options, name, value)) {
                return null;
            }
        }
        return options;
    }

    private static boolean set(ForwardOptions options, String name, String value) {
        switch (name) {
            case "--hostname", "--tunnel-host", "-T" -> options.hostname = value;
            case "--destination" -> options.destination = value;
            case "--url", "--listener", "-L" -> options.listen = value;
            case "--header", "-H" -> options.headers.add(value);
            case "--service-token-id", "--id" -> options.tokenId = value;
            case "--service-token-secret", "--secret" -> options.tokenSecret = value;
            case "--cacert" -> options.cacert = value;
            case "--connect-to" -> options.connectTo = value;
            default -> {
                return false;
            }
        }
        return true;
    }
}
