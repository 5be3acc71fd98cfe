package dev.culvert.edge.audit;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One line of the audit log. Holds no secret. Immutable.
///
/// @param id rising, 0 before it is written
/// @param actor e-mail address, `service-token:NAME`, `certificate:NAME`, `cli` (a command on the edge's
///     machine), `anyone`, or `edge`
/// @param outcome one word, such as `allowed`, `denied`, `failed`, `ended`
/// @param detail a JSON object as text, for what only this kind has; null for none
public record AuditEvent(
        long id,
        Instant at,
        Kind kind,
        String actor,
        @Nullable String application,
        @Nullable String host,
        String outcome,
        @Nullable String policy,
        @Nullable String address,
        @Nullable String country,
        @Nullable String requestId,
        @Nullable String detail) {

    public enum Kind {
        /// A request was let in or kept out.
        DECISION,
        /// Use that a decision allowed is over: how many requests and bytes.
        USE,
        /// A stream that lasted has ended: bytes, seconds, and why.
        STREAM,
        /// Somebody signed in, or failed to.
        SIGN_IN,
        /// A session began or ended.
        SESSION,
        /// Rules, users, tokens, tunnels or routes were changed.
        ADMIN,
        /// SSH: sessions, certificates, files, forwarded ports.
        SSH,
        /// Remote desktops: sessions, files, who watched.
        DESKTOP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @return null when there is none, in whichever case
        public static @Nullable Kind ofWord(String word) {
            for (Kind kind : values()) {
                if (kind.name().equals(word.toUpperCase(Locale.ROOT))) {
                    return kind;
                }
            }
            return null;
        }

        public static List<String> words() {
            return Arrays.stream(values()).map(Kind::word).toList();
        }
    }

    public static Builder of(Kind kind, String actor, String outcome) {
        return new Builder(kind, actor, outcome);
    }

    AuditEvent written(long id, Instant at) {
        return new AuditEvent(
                id,
                at,
                kind,
                actor,
                application,
                host,
                outcome,
                policy,
                address,
                country,
                requestId,
                detail);
    }

    /// Confined to one thread.
    public static final class Builder {
        private final Kind kind;
        private final String actor;
        private final String outcome;
        private @Nullable String application;
        private @Nullable String host;
        private @Nullable String policy;
        private @Nullable String address;
        private @Nullable String country;
        private @Nullable String requestId;
        private @Nullable String detail;

        private Builder(Kind kind, String actor, String outcome) {
            this.kind = kind;
            this.actor = actor;
            this.outcome = outcome;
        }

        public Builder application(@Nullable String name, @Nullable String host) {
            this.application = name;
            this.host = host;
            return this;
        }

        public Builder policy(@Nullable String name) {
            this.policy = name;
            return this;
        }

        public Builder from(@Nullable String address, @Nullable String country) {
            this.address = address;
            this.country = country;
            return this;
        }

        public Builder request(@Nullable String id) {
            this.requestId = id;
            return this;
        }

        /// @param namesAndValues in turn; numbers and booleans stay what they are
        public Builder detail(Object... namesAndValues) {
            this.detail = AuditJson.object(namesAndValues);
            return this;
        }

        public AuditEvent build() {
            return new AuditEvent(
                    0,
                    Instant.EPOCH,
                    kind,
                    actor,
                    application,
                    host,
                    outcome,
                    policy,
                    address,
                    country,
                    requestId,
                    detail);
        }
    }
}
