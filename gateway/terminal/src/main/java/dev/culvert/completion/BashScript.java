package dev.culvert.completion;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/// The script for bash and zsh: picocli's own, with hosts looked up when it runs. Immutable.
final class BashScript {
    /// Tokens are in files named `<host>-<aud>-token`, with `host_8443` for `host:8443`; an audience is 64 hexadecimal
    /// digits.
    private static final String HOSTS =
            """

            # Hosts whose applications were signed in to, one a line.
            function _culvert_known_hosts() {
              local file
              for file in "${CULVERT_ACCESS_HOME:-$HOME/.culvert/access}"/*-token; do
                printf '%s\\n' "${file##*/}"
              done | sed -n -E -e 's/-[0-9a-f]{64}-token$//' -e 't port' -e d -e ': port' -e 's/_([0-9]{1,5})$/:\\1/' -e p
            }
            """;

    private BashScript() {}

    static String of(CommandSpec root) {
        String script = AutoComplete.bash(root.name(), root.commandLine());
        String quoted = "\"" + KnownHosts.MARK + "\"";
        return script.contains(quoted)
                ? script.replace(quoted, "$(_culvert_known_hosts)") + HOSTS
                : script;
    }
}
