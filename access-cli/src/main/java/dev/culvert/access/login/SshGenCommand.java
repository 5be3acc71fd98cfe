package dev.culvert.access.login;

import dev.culvert.access.Target;
import dev.culvert.completion.KnownHosts;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `access ssh-gen`: flag names are cloudflared's.
@Command(
        name = "ssh-gen",
        description = {
            "Get a certificate of minutes for this user's key of a host, signing in first if need be.",
            "For ssh's `Match … exec`: access ssh-config --short-lived-cert prints that block."
        })
public final class SshGenCommand implements Callable<Integer> {
    @Mixin LoginCommands.Way way = new LoginCommands.Way();

    @Option(
            names = "--hostname",
            required = true,
            paramLabel = "HOST|URL",
            completionCandidates = KnownHosts.class,
            description = "Public name of the SSH service; a URL's port and path are used.")
    String hostname = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Of the key: ${COMPLETION-CANDIDATES} (default: that of the key there is, else"
                            + " ed25519).")
    @Nullable Type type;

    /// Spelled as on the command line.
    enum Type {
        ed25519(SshKey.Kind.ED25519),
        ecdsa(SshKey.Kind.ECDSA);

        private final SshKey.Kind kind;

        Type(SshKey.Kind kind) {
            this.kind = kind;
        }
    }

    @Override
    public Integer call() throws Exception {
        Target app = Target.parse(hostname);
        SshCertificates.Stored stored =
                way.tokens(app, false)
                        .sshCertificates()
                        .renew(app, type == null ? null : type.kind);
        way.out()
                .println(
                        stored.file()
                                + ": "
                                + String.join(", ", stored.certificate().principals())
                                + ", good until "
                                + stored.certificate().validBefore());
        way.out().flush();
        return 0;
    }
}
