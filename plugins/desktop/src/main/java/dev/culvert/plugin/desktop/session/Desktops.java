package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.web.JsonAnswer;
import dev.culvert.plugin.edge.web.SameOrigin;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the page asks for below [#PREFIX]. `docs/desktops.md` has the requests.
///
/// Thread-safe. Blocking.
public final class Desktops {
    public static final String PREFIX = "/.culvert/desktop/";

    private static final int RDP_PORT = 3389;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SOCKET =
            Pattern.compile(
                    Pattern.quote(PREFIX + "sessions/") + "([A-Za-z0-9_-]{1,64})/(rdp|guacd)");

    private final Sessions sessions;
    private final Logins logins;

    public Desktops(Sessions sessions, Logins logins) {
        this.sessions = sessions;
        this.logins = logins;
    }

    /// What a built-in session claims to be for: the edge alone knows where the host is.
    public static String destination(Admitted admitted) {
        return admitted.host() + ":" + RDP_PORT;
    }

    /// Answers a request, unless it is about something else.
    ///
    /// @return whether it was answered
    public boolean handle(Admitted admitted, HttpExchange exchange)
            throws IOException, InterruptedException {
        String path = exchange.path().split("\\?", 2)[0];
        Matcher socket = SOCKET.matcher(path);
        try {
            if (path.equals(PREFIX + "about")) {
                JsonAnswer.give(exchange, 200, about(admitted));
            } else if (path.equals(PREFIX + "sessions")) {
                begin(admitted, exchange);
            } else if (socket.matches()) {
                run(admitted, socket.group(1), socket.group(2), exchange);
            } else {
                return false;
            }
        } catch (CertificateQuestion question) {
            JsonAnswer.refuse(exchange, 409, admitted, unknown(), certificate(question));
        } catch (RefusedException e) {
            JsonAnswer.refuse(exchange, status(e.code()), admitted, e);
        }
        return true;
    }

    private void begin(Admitted admitted, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (!exchange.method().equals("POST")) {
            throw new RefusedException(
                    "method_not_allowed", "Sessions are begun with POST.", "Reload the page.");
        }
        SameOrigin.require(exchange);
        byte[] body = exchange.body().readNBytes(Opening.MAX_BYTES + 1);
        if (body.length > Opening.MAX_BYTES) {
            throw new RefusedException(
                    "invalid",
                    "The request is longer than " + Opening.MAX_BYTES + " bytes.",
                    "Reload the page.");
        }
        Sessions.Begun begun = sessions.begin(admitted, body);
        String engine = begun.engine().word();
        String socket = begun.engine() == DesktopSettings.Engine.BUILT_IN ? "rdp" : "guacd";
        JsonAnswer.give(
                exchange,
                200,
                JSON.createObjectNode()
                        .put("ticket", begun.ticket())
                        .put("engine", engine)
                        .put("socket", PREFIX + "sessions/" + begun.ticket() + "/" + socket)
                        .put("destination", destination(admitted))
                        .put("nla", begun.nla())
                        .put("stored", begun.stored()));
    }

    private void run(Admitted admitted, String ticket, String engine, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (!exchange.isWebSocket()) {
            throw new RefusedException(
                    "websocket_expected",
                    "A session is a WebSocket.",
                    "Open https://" + exchange.authority() + "/ in a browser.");
        }
        SameOrigin.require(exchange);
        sessions.run(
                admitted,
                ticket,
                engine.equals("rdp")
                        ? DesktopSettings.Engine.BUILT_IN
                        : DesktopSettings.Engine.GUACD,
                exchange);
    }

    private ObjectNode about(Admitted admitted) throws IOException, InterruptedException {
        DesktopSettings settings = admitted.desktop();
        ObjectNode about =
                JSON.createObjectNode()
                        .put("host", admitted.host())
                        .put("application", admitted.application())
                        .put("actor", admitted.actor())
                        .put("kind", admitted.kind())
                        .put("readOnly", settings.readOnly())
                        .put("clipboard", word(settings.clipboard()))
                        .put("files", word(settings.files()))
                        .put("audio", settings.audio())
                        .put("recording", word(settings.recording()))
                        .put("recordKeys", settings.recordKeys())
                        .put("keyboard", settings.keyboard() == null ? "" : settings.keyboard());
        addEngine(about, admitted);
        boolean stored = logins.has(admitted.application());
        about.putObject("login")
                .put("stored", stored)
                .put("user", !stored && admitted.kind().equals("rdp"))
                .put("domain", !stored && admitted.kind().equals("rdp"))
                .put("password", !stored && !admitted.kind().equals("telnet"));
        return about;
    }

    private void addEngine(ObjectNode about, Admitted admitted) throws InterruptedException {
        try {
            about.put("engine", sessions.engine(admitted).word()).putNull("unavailable");
        } catch (RefusedException e) {
            about.put("engine", DesktopSettings.Engine.GUACD.word())
                    .putObject("unavailable")
                    .put("code", e.code())
                    .put("message", e.getMessage())
                    .put("next", e.next());
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static RefusedException unknown() {
        return new RefusedException(
                "certificate_unknown",
                "The host shows a certificate that nobody has trusted yet.",
                "Compare it with the host's own, and accept it if they are the same.");
    }

    private static ObjectNode certificate(CertificateQuestion question) {
        ObjectNode more = JSON.createObjectNode();
        more.putObject("certificate")
                .put("fingerprint", question.fingerprint())
                .put("subject", question.subject())
                .put("issuer", question.issuer())
                .put("from", question.from().toString())
                .put("until", question.until().toString());
        return more;
    }

    private static int status(String code) {
        return switch (code) {
            case "invalid" -> 400;
            case "unknown_ticket" -> 404;
            case "method_not_allowed" -> 405;
            case "certificate_unknown", "certificate_changed" -> 409;
            case "websocket_expected" -> 426;
            case "too_many_sessions" -> 429;
            case "engine_missing", "guacd_missing", "guacd_refused", "recording_failed", "busy" ->
                    503;
            case "host_timed_out" -> 504;
            case "cross_site", "engine_cannot", "rules_changed" -> 403;
            default -> 502;
        };
    }
}
