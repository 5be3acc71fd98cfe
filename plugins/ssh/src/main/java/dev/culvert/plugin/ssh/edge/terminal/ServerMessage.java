package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.host.HostDialog.Prompt;
import dev.culvert.plugin.ssh.edge.host.HostDialog.Question;
import dev.culvert.plugin.ssh.edge.host.HostDialog.ShownKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Texts of the messages to the page. Stateless.
final class ServerMessage {
    private static final JsonMapper JSON = new JsonMapper();

    private ServerMessage() {}

    private static ObjectNode of(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    static String state(String state) {
        return of("state").put("state", state).toString();
    }

    /// @param known `new`, or `changed`, which nobody may accept
    static String hostKey(ShownKey key, String known) {
        return of("host-key")
                .put("algorithm", key.algorithm())
                .put("fingerprint", key.fingerprint())
                .put("known", known)
                .toString();
    }

    static String prompt(long id, Question question) {
        ObjectNode message =
                of("prompt")
                        .put("id", id)
                        .put("name", question.name())
                        .put("instruction", question.instruction());
        ArrayNode prompts = message.putArray("prompts");
        for (Prompt prompt : question.prompts()) {
            prompts.addObject().put("text", prompt.text()).put("echo", prompt.echo());
        }
        return message.toString();
    }

    /// @param recording its id, empty when nothing is recorded
    static String open(String session, String csrf, String recording, boolean files) {
        return of("open")
                .put("session", session)
                .put("csrf", csrf)
                .put("recorded", !recording.isEmpty())
                .put("recording", recording)
                .put("files", files)
                .toString();
    }

    /// @param status null when the host did not say
    static String exit(@Nullable Integer status, @Nullable String signal, String message) {
        return of("exit")
                .put("status", status)
                .put("signal", signal)
                .put("message", message)
                .toString();
    }

    static String error(RefusedException refused, boolean retry) {
        return of("error")
                .put("code", refused.code())
                .put("message", refused.getMessage())
                .put("next", refused.next())
                .put("retry", retry)
                .toString();
    }
}
