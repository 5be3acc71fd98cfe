package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// `POST /cdn-cgi/access/cert_sign` on the auth host, as cloudflared's `ssh-gen` asks it.
///
/// | answer | body |
/// |---|---|
/// | 200 | `id`, `certificate` (a line for a file), `expires_at` |
/// | other | `status`, `message`, and ours: `code`, `next` |
///
/// The application token says who asks; policies decide now. Thread-safe. Blocking.
public final class SigningEndpoint {
    /// Its path below `/cdn-cgi/access/`.
    public static final String PATH = "cert_sign";

    private final EdgeServices services;
    private final Authority authority;

    public SigningEndpoint(EdgeServices services, Authority authority) {
        this.services = services;
        this.authority = authority;
    }

    /// A request that is not answered with a certificate.
    private static final class Unsigned extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;
        private final String next;

        Unsigned(int status, String code, String message, String next) {
            super(message);
            this.status = status;
            this.code = code;
            this.next = next;
        }

        static Unsigned of(RefusedException refused) {
            int status =
                    switch (refused.code()) {
                        case "bad_token", "session_ended" -> 401;
                        case "authority_unavailable", "unrecorded" -> 503;
                        default -> 403;
                    };
            return new Unsigned(status, refused.code(), refused.getMessage(), refused.next());
        }

        static Unsigned invalid(int status, String message) {
            return new Unsigned(status, "invalid", message, "use access ssh-gen or cloudflared");
        }

        /// Every code says its message once, with what to do: cloudflared shows nothing else.
        byte[] body() {
            String message = getMessage() + "; " + next;
            return ("{\"status\":"
                            + status
                            + ","
                            + FlatObject.format(
                                            fields("message", message, "code", code, "next", next))
                                    .substring(1))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /// @param address the client's
    public void handle(String address, HttpExchange exchange) throws IOException {
        HeaderList headers = HeaderList.of("Content-Type", "application/json");
        headers.add("Cache-Control", "no-store");
        int status = 200;
        byte[] body;
        try {
            body = signed(address, exchange);
        } catch (Unsigned e) {
            status = e.status;
            body = e.body();
            if (status == 405) {
                headers.add("Allow", "POST");
            }
        }
        exchange.respond(status, headers, body);
    }

    private byte[] signed(String address, HttpExchange exchange) throws IOException, Unsigned {
        if (!exchange.method().equals("POST")) {
            throw Unsigned.invalid(405, "method " + exchange.method() + " (expected: POST)");
        }
        SignRequest request = request(exchange);
        try (Admitted admitted = services.admitByToken(request.token(), address)) {
            Authority.Signed signed = authority.sign(admitted, request.key());
            SshCertificate certificate = signed.certificate();
            return FlatObject.format(
                            fields(
                                    "id",
                                    certificate.id(),
                                    "certificate",
                                    signed.line() + "\n",
                                    "expires_at",
                                    certificate.validBefore().toString()))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (RefusedException e) {
            throw Unsigned.of(e);
        }
    }

    private static SignRequest request(HttpExchange exchange) throws IOException, Unsigned {
        byte[] body = exchange.body().readNBytes(SignRequest.MAX_LENGTH + 1);
        if (body.length > SignRequest.MAX_LENGTH) {
            throw Unsigned.invalid(
                    413, "body: too long (expected: at most " + SignRequest.MAX_LENGTH + " bytes)");
        }
        try {
            return SignRequest.parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
        } catch (CharacterCodingException e) {
            throw Unsigned.invalid(400, "body: not UTF-8 (expected: a JSON object)");
        } catch (ProtocolException e) {
            throw Unsigned.invalid(400, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> fields(String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }
}
