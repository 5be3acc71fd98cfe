package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings.Recording;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the policy that let somebody in allows, less what would go around a required recording, and a line in the audit log the first time that something is not.
///
/// Thread-safe.
final class Permissions {
    private final EdgeServices services;
    private final Admitted admitted;
    private final String login;
    private final Set<Use> noted = EnumSet.noneOf(Use.class);

    Permissions(EdgeServices services, Admitted admitted, String login) {
        this.services = services;
        this.admitted = admitted;
        this.login = login;
    }

    boolean allows(Use use) {
        return admitted.ssh().allows(use) && !isKeptFromRecordings(use);
    }

    private boolean isKeptFromRecordings(Use use) {
        return Uses.isUnrecorded(use)
                && admitted.ssh().settings().recording() == Recording.REQUIRED;
    }

    /// @return null when it is allowed, else what is said about it
    @Nullable String refusal(Use use) {
        if (allows(use)) {
            return null;
        }
        synchronized (noted) {
            if (noted.add(use)) {
                services.audit(AuditNote.of(admitted, "denied", "use", use.word(), "login", login));
            }
        }
        return Uses.shown(use) + reason(use);
    }

    private String reason(Use use) {
        return admitted.ssh().allows(use)
                ? " is not allowed: sessions of "
                        + admitted.application()
                        + " have to be recorded, and what goes that way cannot be."
                : " is not allowed by the policies of " + admitted.application() + ".";
    }
}
