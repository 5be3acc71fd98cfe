package dev.culvert.config;

/// A value as it is shown in a message: in quotes, control characters escaped, shortened. Never for
/// secrets.
public final class Shown {
    private static final int MAX_LENGTH = 60;

    private Shown() {}

    public static String value(String value) {
        StringBuilder text = new StringBuilder("\"");
        int shown = Math.min(value.length(), MAX_LENGTH);
        for (int i = 0; i < shown; i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append(shown < value.length() ? "…\"" : "\"").toString();
    }
}
