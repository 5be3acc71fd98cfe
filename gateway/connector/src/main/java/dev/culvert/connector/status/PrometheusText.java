package dev.culvert.connector.status;

/// Writes the Prometheus text format, version 0.0.4. Written out here because Prometheus' own library
/// adds `_total` to a counter's name, and cloudflared's counters have none. Confined to one thread.
final class PrometheusText {
    private final StringBuilder text = new StringBuilder();

    /// Begins a metric.
    ///
    /// @param type `counter`, `gauge` or `histogram`
    PrometheusText metric(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /// One sample.
    ///
    /// @param labels names and values in turn
    PrometheusText sample(String name, double value, String... labels) {
        text.append(name);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1]);
            text.append('"');
        }
        text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
        return this;
    }

    /// A metric of one sample without labels.
    PrometheusText single(String name, String type, String help, double value) {
        return metric(name, type, help).sample(name, value);
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
