package dev.culvert.plugin.edge;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a policy's key `ssh` says. Immutable.
///
/// @param principals login names in certificates; `{user}` is the local part of the e-mail address. `root`
///     only when it stands here literally
/// @param allowed what sessions may do
/// @param recordInput whether recordings hold what is typed, as far as the host echoes it
public record SshRights(List<String> principals, Set<Use> allowed, boolean recordInput) {
    public static final SshRights DEFAULT =
            new SshRights(List.of("{user}"), Set.of(Use.SHELL, Use.EXEC, Use.SFTP, Use.ENV), false);

    public SshRights {
        principals = List.copyOf(principals);
        allowed = Set.copyOf(allowed);
    }

    /// What a session may do, by what SSH calls it (RFC 4254).
    public enum Use {
        /// `shell`, with or without `pty-req`.
        SHELL,
        /// `exec`: commands, among them `scp`, `rsync`, `git`.
        EXEC,
        /// `subsystem` `sftp`.
        SFTP,
        /// `env`, apart from `LANG`, `LC_*` and `TERM`-like ones that do no harm.
        ENV,
        /// `direct-tcpip`: `-L`, `-D`, `-W`.
        LOCAL_FORWARD,
        /// `tcpip-forward`: `-R`.
        REMOTE_FORWARD,
        /// `auth-agent-req@openssh.com`.
        AGENT,
        /// `x11-req`.
        X11;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
