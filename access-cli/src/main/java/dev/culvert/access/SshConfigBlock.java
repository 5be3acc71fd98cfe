package dev.culvert.access;

import org.jspecify.annotations.Nullable;

/// The text of `ssh-config`. Immutable.
final class SshConfigBlock {
    private SshConfigBlock() {}

    static String of(String hostname, String program) throws Problem {
        // A wildcard is what ssh's own patterns allow; the text goes into a configuration file.
        if (!Target.isName(hostname.replace("*", "x")) || hostname.indexOf(':') >= 0) {
            throw Problem.usage(
                    "--hostname: " + hostname + " (expected: a host name)",
                    "for example --hostname ssh.example.com");
        }
        return "Host " + hostname + "\n  ProxyCommand " + quoted(program) + " ssh --hostname %h\n";
    }

    /// The absolute path of this program; the launcher knows it.
    static String program() {
        String property = System.getProperty("culvert.access.program");
        return property != null && !property.isBlank() ? property : fromEnvironment();
    }

    private static String fromEnvironment() {
        @Nullable String variable = System.getenv("CULVERT_ACCESS_PROGRAM");
        return variable != null && !variable.isBlank() ? variable : "access";
    }

    /// ssh hands the command to a shell, after replacing `%`.
    private static String quoted(String program) {
        String percent = program.replace("%", "%%");
        boolean plain =
                percent.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) || "/._-%+".indexOf(c) >= 0);
        return plain ? percent : "'" + percent.replace("'", "'\\''") + "'";
    }
}
