package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.web.JsonAnswer;
import dev.culvert.plugin.edge.web.SameOrigin;
import dev.culvert.plugin.ssh.edge.terminal.HostFiles.Found;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Files of a session that a terminal has open, over the same SSH connection: lists, downloads, uploads. Each
/// is in the session's recording, and what moves bytes in the audit log.
///
/// Thread-safe. Blocking: bodies are streamed both ways, and whoever is slow slows the other.
final class SessionFiles {
    static final String PREFIX = Terminals.PREFIX + "sessions/";
    private static final String CSRF = "X-Culvert-Session-Csrf";
    private static final long WAIT_SECONDS = 60;
    private static final JsonMapper JSON = new JsonMapper();

    private final TerminalServices services;

    SessionFiles(TerminalServices services) {
        this.services = services;
    }

    void handle(Admitted admitted, HttpExchange exchange) throws IOException, InterruptedException {
        String[] parts = exchange.path().substring(PREFIX.length()).split("\\?", 2);
        String[] names = parts[0].split("/", -1);
        OpenTerminal terminal = names.length == 2 ? services.open().find(names[0], admitted) : null;
        if (terminal == null) {
            throw new RefusedException(
                    "unknown_session",
                    "There is no such session of yours: it has ended, or is somebody else's.",
                    "Connect again.");
        }
        if (!admitted.ssh().allows(SshRights.Use.SFTP)) {
            throw new RefusedException(
                    "denied",
                    "The policy lets " + admitted.actor() + " move no files.",
                    "Ask the owner of the application for ssh.allow: sftp.");
        }
        Request request =
                new Request(admitted, exchange, terminal, path(parts.length == 2 ? parts[1] : ""));
        switch (exchange.method() + " " + names[1]) {
            case "GET list" -> request.waiting(request::list);
            case "GET files" -> request.waiting(request::download);
            case "PUT files" -> request.waiting(request::upload);
            default ->
                    throw new RefusedException(
                            "method_not_allowed",
                            "There is no " + exchange.method() + " of that.",
                            "GET list, GET files and PUT files are all there is.");
        }
    }

    /// Of `path=…`; empty when there is none.
    private static String path(String query) throws RefusedException {
        for (String field : query.split("&")) {
            if (field.startsWith("path=")) {
                try {
                    // A plus is a plus in the addresses that scripts make.
                    String coded = field.substring(5).replace("+", "%2B");
                    String path = URLDecoder.decode(coded, StandardCharsets.UTF_8);
                    if (path.indexOf('\0') < 0) {
                        return path;
                    }
                } catch (IllegalArgumentException e) {
                    // As one with a NUL.
                }
                throw new RefusedException(
                        "invalid", "path: not %-encoded UTF-8.", "Use encodeURIComponent.");
            }
        }
        return "";
    }

    /// One request of a session's.
    private final class Request {
        private final Admitted admitted;
        private final HttpExchange exchange;
        private final OpenTerminal terminal;
        private final String path;
        private final String host;

        Request(Admitted admitted, HttpExchange exchange, OpenTerminal terminal, String path) {
            this.admitted = admitted;
            this.exchange = exchange;
            this.terminal = terminal;
            this.path = path;
            this.host = terminal.host().admitted().host();
        }

        /// Hosts bound the channels of a connection.
        void waiting(Work work) throws IOException, InterruptedException {
            if (!terminal.transfers().tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new RefusedException(
                        "too_many_transfers",
                        OpenTerminal.MOST_TRANSFERS + " transfers of this session are under way.",
                        "Wait until one is done.");
            }
            try {
                work.run();
            } finally {
                terminal.transfers().release();
            }
        }

        void list() throws IOException {
            SameOrigin.refuseOthers(exchange);
            ObjectNode answer = JSON.createObjectNode();
            try (HostFiles files = HostFiles.open(terminal.host())) {
                String folder = files.canonical(path);
                List<DirEntry> entries = files.list(folder);
                answer.put("path", folder);
                ArrayNode array = answer.putArray("entries");
                entries.stream().limit(HostFiles.MOST_ENTRIES).forEach(each -> add(array, each));
                answer.put("truncated", entries.size() > HostFiles.MOST_ENTRIES);
                event("list " + folder);
            } catch (IOException e) {
                throw FileProblem.of(e, path, "listed", host);
            }
            JsonAnswer.give(exchange, 200, answer);
        }

        private static void add(ArrayNode array, DirEntry entry) {
            Attributes attributes = entry.getAttributes();
            String type =
                    attributes.isDirectory()
                            ? "directory"
                            : attributes.isSymbolicLink()
                                    ? "link"
                                    : attributes.isRegularFile() ? "file" : "other";
            ObjectNode node =
                    array.addObject()
                            .put("name", entry.getFilename())
                            .put("type", type)
                            .put("size", attributes.getSize())
                            .put(
                                    "mode",
                                    String.format("%04o", attributes.getPermissions() & 07777));
            if (attributes.getModifyTime() != null) {
                node.put("modified", attributes.getModifyTime().toInstant().toString());
            }
        }

        void download() throws IOException {
            SameOrigin.refuseOthers(exchange);
            try (HostFiles files = HostFiles.open(terminal.host())) {
                Found found;
                try {
                    found = files.find(path);
                    if (found.directory()) {
                        throw new RefusedException(
                                "file_is_directory",
                                FileProblem.shown(path) + " is a folder.",
                                "Pack it in the terminal: tar czf folder.tgz folder");
                    }
                    // Whether it may be read has to be known before the head is sent.
                    files.requireReadable(found.path());
                } catch (IOException e) {
                    throw failed("download", e, "read");
                }
                send(files, found);
            }
        }

        private void send(HostFiles files, Found found) throws IOException {
            HeaderList headers =
                    HeaderList.of(
                            "Content-Type", "application/octet-stream",
                            "Content-Disposition", attachment(found.path()),
                            "Content-Security-Policy", "sandbox; default-src 'none'",
                            "X-Content-Type-Options", "nosniff",
                            "Cache-Control", "no-store");
            Long size = found.size();
            if (size != null) {
                headers.add("Content-Length", size.toString());
            }
            long sent = 0;
            boolean whole = false;
            // Left open when it is not whole, so that the browser sees a broken download and no
            // short file.
            OutputStream out = exchange.respond(200, headers);
            try {
                sent = files.read(found.path(), size, out);
                whole = size == null || sent == size;
            } finally {
                moved(whole ? "transferred" : "failed", "download", found.path(), sent);
            }
            if (!whole) {
                throw new IOException("the file became shorter while it was read");
            }
            out.close();
        }

        private static String attachment(String path) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            String coded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
            return "attachment; filename*=UTF-8''" + coded.replace("*", "%2A");
        }

        void upload() throws IOException {
            SameOrigin.require(exchange);
            String csrf = exchange.requestHeaders().first(CSRF);
            if (csrf == null || !terminal.isCsrf(csrf)) {
                throw new RefusedException(
                        "cross_site",
                        "The request has no " + CSRF + " of this session.",
                        "Upload from the terminal's page.");
            }
            long[] written = new long[1];
            String target;
            try (HostFiles files = HostFiles.open(terminal.host())) {
                target = files.write(path, exchange.body(), written);
            } catch (IOException e) {
                throw failed("upload", e, "written");
            }
            moved("transferred", "upload", target, written[0]);
            JsonAnswer.give(
                    exchange,
                    200,
                    JSON.createObjectNode().put("path", target).put("size", written[0]));
        }

        private RefusedException failed(String operation, IOException problem, String verb) {
            RefusedException refused = FileProblem.of(problem, path, verb, host);
            event(operation + " " + path + " failed: " + refused.code());
            audit("failed", operation, path, "code", refused.code());
            return refused;
        }

        private void moved(String outcome, String operation, String file, long bytes) {
            event(operation + " " + file + " (" + bytes + " bytes)");
            audit(outcome, operation, file, "bytes", bytes);
        }

        private void event(String text) {
            var recorder = terminal.recorder();
            if (recorder != null) {
                recorder.event("sftp", FileProblem.shown(text), true);
            }
        }

        private void audit(
                String outcome, String operation, String file, String name, Object value) {
            services.edge()
                    .audit(
                            AuditNote.of(
                                    admitted,
                                    outcome,
                                    "via",
                                    "browser",
                                    "login",
                                    terminal.host().login(),
                                    "operation",
                                    operation,
                                    "path",
                                    file,
                                    name,
                                    value));
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }
}
