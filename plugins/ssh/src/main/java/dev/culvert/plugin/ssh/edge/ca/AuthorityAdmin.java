package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate.Use;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the owner asks of the authorities, below `/api/v1/plugins/ssh/`:
///
/// | request | answer |
/// |---|---|
/// | `GET authorities` | `{"user":[…],"host":[…],"hosts"}`, each with `state`, `since`, `key`, `fingerprint`; `hosts` is the pattern of those beside the auth host |
/// | `POST authorities/rotate` | the same, with next keys |
/// | `POST authorities/activate` | the same, when they sign |
/// | `POST authorities/forget` | the same, without retired keys |
/// | `POST host-certificates` `{"public_key","hostname","life"}` | `{"certificate","expires_at"}` |
///
/// These three take `{"authority":"user"}` or `"host"`; without it they are about both. `life` is a duration of ISO
/// 8601. Thread-safe. Blocking.
public final class AuthorityAdmin {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_BODY = 64 * 1024;
    private static final String ACTOR = "cli";
    private static final Duration USUAL_HOST_LIFE = Duration.ofDays(365);
    private static final Duration SHORTEST_HOST_LIFE = Duration.ofHours(1);
    private static final Pattern HOSTNAME =
            Pattern.compile(
                    "(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

    private final EdgeServices services;
    private final Authority authority;

    public AuthorityAdmin(EdgeServices services, Authority authority) {
        this.services = services;
        this.authority = authority;
    }

    /// Whether a path of the admin endpoint is answered here.
    public boolean has(String path) {
        return path.equals("host-certificates")
                || path.equals("authorities")
                || path.startsWith("authorities/");
    }

    /// @param path segments after the plugin's name
    /// @param body a JSON object
    /// @return a JSON object
    public String answer(String method, String path, String body) throws RefusedException {
        try {
            FlatObject fields = FlatObject.parse("body", body, MAX_BODY);
            return switch (method + " " + path) {
                case "GET authorities" -> authorities().toString();
                case "POST authorities/rotate" ->
                        changed(
                                fields,
                                "rotated",
                                ring -> ring.rotated(services.clock().instant()));
                case "POST authorities/activate" ->
                        changed(
                                fields,
                                "activated",
                                ring -> ring.activated(services.clock().instant()));
                case "POST authorities/forget" ->
                        changed(fields, "forgotten", KeyRing::withoutRetired);
                case "POST host-certificates" -> hostCertificate(fields);
                default ->
                        throw new RefusedException(
                                "unknown_path",
                                "there is no " + method + " " + ProtocolException.quote(path),
                                "see the table in docs/admin-api.md");
            };
        } catch (ProtocolException e) {
            throw new RefusedException(
                    "invalid", String.valueOf(e.getMessage()), "correct the request");
        }
    }

    private ObjectNode authorities() throws RefusedException {
        ObjectNode json = JSON.createObjectNode();
        for (Use use : Use.values()) {
            ArrayNode list = json.putArray(word(use));
            for (Generation generation : authority.rings().of(use).generations()) {
                for (SshPublicKey key : generation.keys()) {
                    list.addObject()
                            .put("state", generation.state().word())
                            .put("since", generation.since().toString())
                            .put("key", key.line())
                            .put("fingerprint", key.fingerprint());
                }
            }
        }
        return json.put("hosts", besideAuthHost());
    }

    /// `*.example.com` for `auth.example.com`.
    private String besideAuthHost() {
        String host = String.valueOf(URI.create(services.authOrigin()).getHost());
        int dot = host.indexOf('.');
        return dot < 0 ? host : "*" + host.substring(dot);
    }

    private String changed(FlatObject fields, String what, KeyRings.Change change)
            throws RefusedException, ProtocolException {
        List<Use> uses = uses(fields.text("authority"));
        for (Use use : uses) {
            // Refuses before one of them is changed.
            change.of(authority.rings().of(use));
        }
        for (Use use : uses) {
            KeyRing ring = authority.rings().change(use, change);
            services.audit(
                    new AuditNote(
                            ACTOR,
                            "changed",
                            null,
                            null,
                            null,
                            null,
                            "authority",
                            word(use),
                            "change",
                            what,
                            "keys",
                            String.join(
                                    ",",
                                    ring.generations().getLast().keys().stream()
                                            .map(SshPublicKey::fingerprint)
                                            .toList())));
        }
        return authorities().toString();
    }

    private static List<Use> uses(@Nullable String word) throws ProtocolException {
        if (word == null) {
            return List.of(Use.values());
        }
        for (Use use : Use.values()) {
            if (word(use).equals(word)) {
                return List.of(use);
            }
        }
        throw ProtocolException.of("authority", ProtocolException.quote(word), "user or host");
    }

    private static String word(Use use) {
        return use.name().toLowerCase(Locale.ROOT);
    }

    private String hostCertificate(FlatObject fields) throws RefusedException, ProtocolException {
        String hostname = fields.requiredText("hostname");
        if (!HOSTNAME.matcher(hostname).matches()) {
            throw ProtocolException.of(
                    "hostname",
                    ProtocolException.quote(hostname),
                    "as clients call the host, such as build.example.com");
        }
        Authority.Signed signed =
                authority.signHost(
                        SshPublicKey.ofLine(fields.requiredText("public_key")),
                        hostname,
                        life(fields.text("life")),
                        ACTOR);
        return JSON.createObjectNode()
                .put("certificate", signed.line())
                .put("expires_at", signed.certificate().validBefore().toString())
                .toString();
    }

    private static Duration life(@Nullable String text) throws ProtocolException {
        try {
            Duration life = text == null ? USUAL_HOST_LIFE : Duration.parse(text);
            if (life.compareTo(SHORTEST_HOST_LIFE) >= 0
                    && life.compareTo(KeyRings.LONGEST_OF_HOSTS) <= 0) {
                return life;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw ProtocolException.of(
                "life",
                ProtocolException.quote(String.valueOf(text)),
                "PT1H to P400D, such as P365D");
    }
}
