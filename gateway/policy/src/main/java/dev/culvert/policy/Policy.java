package dev.culvert.policy;

import dev.culvert.plugin.edge.SshRights;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A rule of an application: for whom, and what. Immutable.
///
/// @param session how long what it grants lasts, null for the application's
/// @param ssh what it grants where the application's kind is `ssh`
public record Policy(
        String name,
        Action action,
        Conditions conditions,
        @Nullable Duration session,
        SshRights ssh) {
    /// A policy with the rights that hold unless others are given.
    public Policy(String name, Action action, Conditions conditions, @Nullable Duration session) {
        this(name, action, conditions, session, SshRights.DEFAULT);
    }

    /// Spelled in configuration in lower case: `allow`, `block`, `bypass`, `service_auth`.
    public enum Action {
        /// Lets in people who have signed in.
        ALLOW,
        /// Keeps out.
        BLOCK,
        /// Lets in without a token, and without an assertion for the origin.
        BYPASS,
        /// Lets in machines, without signing in.
        SERVICE_AUTH
    }
}
