package dev.culvert.edge.admin;

import dev.culvert.edge.audit.AuditEvent;
import org.jspecify.annotations.Nullable;

/// Who makes an administrative change, for the audit log. Immutable.
///
/// @param actor e-mail address, or `cli`
public record By(
        String actor,
        @Nullable String address,
        @Nullable String country,
        @Nullable String requestId) {
    /// A command on the edge's machine.
    public static final By CLI = new By("cli", null, null, null);

    AuditEvent event(String outcome, Object... detail) {
        AuditEvent.Builder event =
                AuditEvent.of(AuditEvent.Kind.ADMIN, actor, outcome)
                        .from(address, country)
                        .request(requestId);
        return (detail.length == 0 ? event : event.detail(detail)).build();
    }
}
