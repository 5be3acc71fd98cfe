package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.protocols.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the page says in a text message. Immutable.
sealed interface ClientMessage {
    /// Most columns and rows.
    int MAX_CELLS = 1000;

    int MAX_ANSWERS = 16;

    /// Asks for a session with the host.
    ///
    /// @param key file of a private key, empty unless the method is [Method#KEY]
    record Connect(
            String login,
            int columns,
            int rows,
            String term,
            Method method,
            String key,
            String passphrase)
            implements ClientMessage {
        /// Without the secrets.
        @Override
        public String toString() {
            return "Connect[" + method + "]";
        }
    }

    enum Method {
        CERTIFICATE,
        PASSWORD,
        KEY
    }

    record Resize(int columns, int rows) implements ClientMessage {}

    /// The terminal has drawn more bytes.
    record Ack(long bytes) implements ClientMessage {}

    record Answer(long id, List<String> answers) implements ClientMessage {
        public Answer {
            answers = List.copyOf(answers);
        }

        /// Without the secrets.
        @Override
        public String toString() {
            return "Answer[" + id + "]";
        }
    }

    record HostKey(boolean accept) implements ClientMessage {}

    record Disconnect() implements ClientMessage {}

    /// Reads one.
    ///
    /// @throws ProtocolException says which field is wrong, and never its value when that may be a secret
    static ClientMessage parse(byte[] json) throws ProtocolException {
        return Reader.read(json);
    }

    /// Reads messages. Stateless.
    final class Reader {
        private static final JsonMapper JSON =
                new JsonMapper(
                        JsonFactory.builder()
                                .streamReadConstraints(
                                        StreamReadConstraints.builder().maxNestingDepth(4).build())
                                .build());
        private static final Pattern TERM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]{0,31}");
        private static final int MAX_LOGIN = 64;

        private Reader() {}

        static ClientMessage read(byte[] json) throws ProtocolException {
            JsonNode message;
            try {
                message = JSON.readTree(json);
            } catch (JacksonException e) {
                // Its message would quote the text.
                throw ProtocolException.of("message", "broken JSON", "a JSON object");
            }
            return switch (text(message, "type")) {
                case "connect" -> connect(message);
                case "resize" -> new Resize(cells(message, "columns"), cells(message, "rows"));
                case "ack" -> new Ack(number(message, "bytes", Long.MAX_VALUE));
                case "answer" ->
                        new Answer(number(message, "id", Long.MAX_VALUE), answers(message));
                case "host-key" -> new HostKey(message.path("accept").asBoolean(false));
                case "disconnect" -> new Disconnect();
                default ->
                        throw ProtocolException.of(
                                "message type",
                                "unknown",
                                "connect, resize, ack, answer, host-key or disconnect");
            };
        }

        private static Connect connect(JsonNode message) throws ProtocolException {
            String term = message.path("term").asString("xterm-256color");
            if (!TERM.matcher(term).matches()) {
                throw ProtocolException.of("term", "other characters", "a name of terminfo");
            }
            return new Connect(
                    login(text(message, "login")),
                    cells(message, "columns"),
                    cells(message, "rows"),
                    term,
                    method(text(message, "method")),
                    message.path("key").asString(""),
                    message.path("passphrase").asString(""));
        }

        private static String login(String login) throws ProtocolException {
            boolean good =
                    !login.isBlank()
                            && login.length() <= MAX_LOGIN
                            && login.equals(OneLine.marked(login, MAX_LOGIN));
            if (!good) {
                throw ProtocolException.of(
                        "login", "empty, long or odd", "the name of an account on the host");
            }
            return login;
        }

        private static Method method(String word) throws ProtocolException {
            return switch (word) {
                case "certificate" -> Method.CERTIFICATE;
                case "password" -> Method.PASSWORD;
                case "key" -> Method.KEY;
                default ->
                        throw ProtocolException.of(
                                "method", "unknown", "certificate, password or key");
            };
        }

        private static List<String> answers(JsonNode message) throws ProtocolException {
            JsonNode array = message.path("answers");
            if (!array.isArray() || array.size() > MAX_ANSWERS) {
                throw ProtocolException.of("answers", "other", "a list of " + MAX_ANSWERS);
            }
            List<String> answers = new ArrayList<>();
            for (JsonNode each : array) {
                answers.add(each.asString(""));
            }
            return answers;
        }

        private static String text(JsonNode message, String field) throws ProtocolException {
            JsonNode value = message.path(field);
            if (!value.isString()) {
                throw ProtocolException.of(field, "missing", "a text");
            }
            return value.asString("");
        }

        private static int cells(JsonNode message, String field) throws ProtocolException {
            return (int) Math.max(1, number(message, field, MAX_CELLS));
        }

        private static long number(JsonNode message, String field, long most)
                throws ProtocolException {
            JsonNode value = message.path(field);
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw ProtocolException.of(field, "not a whole number", "0 to " + most);
            }
            long number = value.asLong();
            if (number < 0 || number > most) {
                throw ProtocolException.of(field, Long.toString(number), "0 to " + most);
            }
            return number;
        }
    }
}
