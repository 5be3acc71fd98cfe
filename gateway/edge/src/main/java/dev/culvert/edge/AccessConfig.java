package dev.culvert.edge;

import dev.culvert.edge.admission.RulesFit;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.signin.IdentityConfig;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.policy.AccessRules;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Who may come in, as the edge's configuration says; an edge without it asks nobody. Immutable.
///
/// @param authHost host where people sign in, in the normal form of a hostname
/// @param issuer `iss` of tokens when it is not the auth host's own address, without a final slash
/// @param identity how people sign in
/// @param callers what is to be known of callers besides
/// @param auditKept how long the audit log keeps events
/// @param recordings where recordings of sessions are, and how long
/// @param sshListen where the SSH gateway listens, null for nowhere
/// @param guacd where guacd is, null when there is none
/// @param rules groups, applications and policies; null when they stand in the state
public record AccessConfig(
        String authHost,
        @Nullable URI issuer,
        IdentityConfig identity,
        CallerConfig callers,
        Duration auditKept,
        RecordingsConfig recordings,
        @Nullable InetSocketAddress sshListen,
        @Nullable GuacdSettings guacd,
        @Nullable AccessRules rules) {

    public static final Duration DEFAULT_AUDIT_KEPT = Duration.ofDays(90);

    /// What there is when nothing but the auth host is configured.
    public static AccessConfig of(String authHost) {
        return new AccessConfig(
                authHost,
                null,
                IdentityConfig.DEFAULT,
                CallerConfig.NONE,
                DEFAULT_AUDIT_KEPT,
                RecordingsConfig.DEFAULT,
                null,
                null,
                null);
    }

    /// The same with an SSH gateway.
    public AccessConfig withSsh(InetSocketAddress listen) {
        return new AccessConfig(
                authHost, issuer, identity, callers, auditKept, recordings, listen, guacd, rules);
    }

    /// The same with a guacd.
    public AccessConfig withGuacd(GuacdSettings settings) {
        return new AccessConfig(
                authHost,
                issuer,
                identity,
                callers,
                auditKept,
                recordings,
                sshListen,
                settings,
                rules);
    }

    /// What rules may look at here.
    ///
    /// @param authHost empty for none
    static RulesFit fit(String authHost, IdentityConfig identity, CallerConfig callers) {
        return new RulesFit(
                authHost,
                identity.names(),
                callers.countryDatabase() != null,
                !callers.clientAuthorities().isEmpty());
    }

    /// The auth host's own address.
    ///
    /// @param port of the public listener
    public URI origin(int port) {
        return URI.create("https://" + authHost + (port == 443 ? "" : ":" + port));
    }

    /// `iss` of tokens.
    ///
    /// @param port of the public listener
    public String issuer(int port) {
        return (issuer == null ? origin(port) : issuer).toString();
    }
}
