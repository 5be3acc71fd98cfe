package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the page posts for a session. Immutable, but for its login.
///
/// @param login empty where the host asks itself
/// @param certificate fingerprint that the user has accepted, empty for none
record Opening(Login login, Screen screen, String certificate) {
    /// Most bytes of one.
    static final int MAX_BYTES = 16 * 1024;

    private static final JsonMapper JSON =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder().maxNestingDepth(4).build())
                            .build());
    private static final int MAX_DOMAIN = 256;
    private static final Pattern TIMEZONE = Pattern.compile("[A-Za-z0-9_+/-]{0,64}");
    private static final Pattern KEYBOARD =
            Pattern.compile("|unicode|[a-z]{2}-[a-z]{2}-[a-z]{3,12}");
    private static final Pattern FINGERPRINT = Pattern.compile("|SHA256:[0-9a-f]{64}");
    private static final int LEAST_DPI = 48;
    private static final int MOST_DPI = 480;

    /// @throws RefusedException (`invalid`) says which field is wrong, and no value that may be a secret
    static Opening read(byte[] json) throws RefusedException {
        JsonNode body;
        try {
            body = JSON.readTree(json);
        } catch (JacksonException e) {
            // Its message would quote the text.
            throw invalid("the body is no JSON object");
        }
        Screen screen =
                new Screen(
                        number(body, "width", Screen.LEAST, Screen.MOST) & ~1,
                        number(body, "height", Screen.LEAST, Screen.MOST),
                        number(body, "dpi", LEAST_DPI, MOST_DPI),
                        matched(body, "timezone", TIMEZONE, "such as Europe/Berlin"),
                        matched(body, "keyboard", KEYBOARD, "such as de-de-qwertz, or unicode"));
        String certificate = matched(body, "certificate", FINGERPRINT, "SHA256: and 64 digits");
        return new Opening(login(body), screen, certificate);
    }

    private static Login login(JsonNode body) throws RefusedException {
        return new Login(
                line(body, "user", Login.MAX_USER),
                line(body, "domain", MAX_DOMAIN),
                line(body, "password", Login.MAX_PASSWORD).toCharArray(),
                false);
    }

    /// Without line breaks and other controls, which no host takes, and which are not shown.
    private static String line(JsonNode body, String field, int most) throws RefusedException {
        String text = body.path(field).asString("");
        if (text.length() > most || !text.equals(OneLine.marked(text, most))) {
            throw invalid(
                    field + " is longer than " + most + " characters or has control characters");
        }
        return text;
    }

    private static String matched(JsonNode body, String field, Pattern pattern, String expected)
            throws RefusedException {
        String text = body.path(field).asString("");
        if (!pattern.matcher(text).matches()) {
            throw invalid(
                    field + ": " + OneLine.marked(text, 64) + " (expected: " + expected + ")");
        }
        return text;
    }

    private static int number(JsonNode body, String field, int least, int most)
            throws RefusedException {
        JsonNode value = body.path(field);
        int number = value.isIntegralNumber() && value.canConvertToInt() ? value.asInt() : -1;
        if (number < least || number > most) {
            throw invalid(
                    field
                            + ": "
                            + OneLine.marked(value.toString(), 64)
                            + " (expected: "
                            + least
                            + " to "
                            + most
                            + ")");
        }
        return number;
    }

    private static RefusedException invalid(String what) {
        return new RefusedException(
                "invalid", "The request cannot be read: " + what + ".", "Reload the page.");
    }
}
