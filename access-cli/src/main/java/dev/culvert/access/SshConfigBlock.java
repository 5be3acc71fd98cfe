package dev.culvert.access;

import dev.culvert.access.login.SshCertificates;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The text of `ssh-config`. Immutable.
///
/// @param host as ssh is given it, a wildcard too
/// @param arguments of each command in it: the host, and how the edge is reached
record SshConfigBlock(String host, String command, String arguments) {
    /// @param hostname with the edge's port when that is not 443
    /// @param cacert null for the platform's authorities
    /// @param connectTo null for the edge that the name leads to
    static SshConfigBlock of(
            String hostname, String program, @Nullable String cacert, @Nullable String connectTo)
            throws Problem {
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
        return new SshConfigBlock(
                address.host(),
                quoted(program, "the path of this program"),
                " --hostname %h"
                        + port
                        + (cacert == null ? "" : " --cacert " + quoted(cacert, "--cacert"))
                        + (connectTo == null
                                ? ""
                                : " --connect-to " + quoted(connectTo, "--connect-to")));
    }

    /// Reaches the host through `access`.
    String text() {
        return "Host " + host + "\n  ProxyCommand " + command + " ssh" + arguments + "\n";
    }

    /// The same, with a certificate for each connection. Without one, the host is asked for what else it takes.
    String withCertificate(UnaryOperator<@Nullable String> environment) {
        String key = SshCertificates.keyPattern(environment);
        return "Match host "
                + host
                + " exec \""
                + command
                + " ssh-gen"
                + arguments
                + "\"\n  IdentityFile \""
                + key
                + "\"\n  CertificateFile \""
                + key
                + "-cert.pub\"\n  IdentitiesOnly yes\n"
                + text();
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

    /// ssh hands the command to a shell, after replacing `%`; nothing ends its own quotes but `"`.
    private static String quoted(String text, String what) throws Problem {
        if (text.indexOf('"') >= 0 || text.chars().anyMatch(Character::isISOControl)) {
            throw Problem.usage(
                    what + ": " + text + " (expected: nothing that ends ssh's quotes)",
                    "use a path without quotation marks");
        }
        String percent = text.replace("%", "%%");
        boolean plain =
                percent.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) || "/._-%+:".indexOf(c) >= 0);
        return plain ? percent : "'" + percent.replace("'", "'\\''") + "'";
    }
}
