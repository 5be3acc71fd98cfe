package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.web.JsonAnswer;
import dev.culvert.plugin.edge.web.SameOrigin;
import dev.culvert.plugin.ssh.edge.host.HostClient;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the terminal's page asks for below [#PREFIX]: what it may do, a session over a WebSocket, and files of
/// that session. `docs/ssh.md` has the messages.
///
/// Thread-safe. Blocking.
public final class Terminals {
    public static final String PREFIX = "/.culvert/ssh/";

    private static final JsonMapper JSON = new JsonMapper();

    private final TerminalServices services;
    private final SessionFiles files;

    /// @param timer shut down by its owner, after the host client is closed
    public Terminals(EdgeServices edge, HostClient hosts, ScheduledExecutorService timer) {
        services = new TerminalServices(edge, hosts, new OpenTerminals(), timer);
        files = new SessionFiles(services);
    }

    /// Answers a request, unless it is about something else.
    ///
    /// @return whether it was answered
    public boolean handle(Admitted admitted, HttpExchange exchange)
            throws IOException, InterruptedException {
        String path = exchange.path().split("\\?", 2)[0];
        try {
            if (path.equals(PREFIX + "about")) {
                JsonAnswer.give(exchange, 200, about(admitted));
            } else if (path.equals(PREFIX + "terminal")) {
                terminal(admitted, exchange);
            } else if (path.startsWith(SessionFiles.PREFIX)) {
                files.handle(admitted, exchange);
            } else {
                return false;
            }
            return true;
        } catch (RefusedException e) {
            JsonAnswer.refuse(exchange, status(e.code()), admitted, e);
            return true;
        }
    }

    private void terminal(Admitted admitted, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (!exchange.isWebSocket()) {
            throw new RefusedException(
                    "websocket_expected",
                    "A terminal is a WebSocket.",
                    "Open https://" + exchange.authority() + "/ in a browser.");
        }
        SameOrigin.require(exchange);
        new Terminal(admitted, exchange, services).run();
    }

    private static ObjectNode about(Admitted admitted) {
        ObjectNode about =
                JSON.createObjectNode()
                        .put("host", admitted.host())
                        .put("application", admitted.application())
                        .put("actor", admitted.actor());
        admitted.ssh().principals().forEach(about.putArray("principals")::add);
        return about.put("certificate", !admitted.ssh().principals().isEmpty())
                .put(
                        "recording",
                        admitted.ssh().settings().recording().name().toLowerCase(Locale.ROOT))
                .put("files", admitted.ssh().allows(SshRights.Use.SFTP))
                .put("recordInput", admitted.ssh().rights().recordInput());
    }

    private static int status(String code) {
        return switch (code) {
            case "websocket_expected" -> 426;
            case "unknown_session", "file_not_found" -> 404;
            case "method_not_allowed" -> 405;
            case "invalid", "file_is_directory", "upload_cut" -> 400;
            case "too_many_transfers" -> 429;
            case "host_failed", "sftp_refused", "file_failed" -> 502;
            case "file_no_space" -> 507;
            default -> 403;
        };
    }
}
