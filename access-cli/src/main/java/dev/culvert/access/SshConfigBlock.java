package dev.culvert.access;

import org.jspecify.annotations.Nullable;

/// The text of `ssh-config`. Immutable.
final class SshConfigBlock {
    private SshConfigBlock() {}

    /// @param hostname as ssh is given it, a wildcard too; with the edge's port when that is not 443
    static String of(String hostname, String program) throws Problem {
        HostPort address = HostPort.parse(hostname, Target.HTTPS);
        // A wildcard is what ssh's own patterns allow; the text goes into a configuration file.
        if (address == null
                || address.port() == 0
                || address.host().startsWith("-")
                || address.host().indexOf('%') >= 0
                || address.host().indexOf(':') >= 0
                || !Target.isName(address.host().replace("*", "x"))) {
            throw Problem.usage(
                    "--hostname: " + hostname + " (expected: a host name, or one with a port)",
                    "for example --hostname ssh.example.com or ssh.example.com:8443");
        }
        String port = address.port() == Target.HTTPS ? "" : ":" + address.port();
        return "Host "
                + address.host()
                + "\n  ProxyCommand "
                + quoted(program)
                + " ssh --hostname %h"
                + port
                + "\n";
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
