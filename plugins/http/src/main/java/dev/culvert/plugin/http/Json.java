package dev.culvert.plugin.http;

/// Writes JSON texts so that they are safe inside HTML and one line long. Pure.
final class Json {
    private Json() {}

    static String text(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /// An object of texts, from names and values in turn.
    static String object(String... namesAndValues) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.append(i == 0 ? "" : ",")
                    .append(text(namesAndValues[i]))
                    .append(':')
                    .append(text(namesAndValues[i + 1]));
        }
        return json.append('}').toString();
    }
}
