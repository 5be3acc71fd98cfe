package dev.culvert.connector.ingress;

import dev.culvert.plugin.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The rules of one configuration, in order; the first that matches host and path wins. Owns the
/// rules' origins: [#start()] before the first request, [#close()] after the last.
///
/// [#match] is thread-safe and takes linear time: paths are tested with RE2, which has no
/// backtracking. The fields never change; a reload makes a new object.
public final class Ingress implements AutoCloseable {
    /// cloudflared's management service; never served here (`docs/configuration.md`).
    public static final String MANAGEMENT_HOST = "management.argotunnel.com";

    public static final int MAX_RULES = 1000;

    private final List<IngressRule> rules;
    private final boolean anyPath;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param rules checked by [IngressReader]; empty answers nothing
    Ingress(List<IngressRule> rules) {
        this.rules = List.copyOf(rules);
        anyPath = rules.stream().anyMatch(rule -> rule.path() != null);
    }

    /// No rules: every request is answered 503 by the connector.
    public static Ingress empty() {
        return new Ingress(List.of());
    }

    public List<IngressRule> rules() {
        return rules;
    }

    /// @param host from the request, any case, with or without port
    /// @param path from the request, percent-encoded, with or without query
    /// @return null when there are no rules, or for the management host
    public @Nullable IngressRule match(String host, String path) {
        String name = name(host);
        if (isManagement(name)) {
            return null;
        }
        String decoded = anyPath ? decode(path) : "";
        for (IngressRule rule : rules) {
            if (rule.hostname().matches(name)
                    && (rule.path() == null || rule.path().matcher(decoded).find())) {
                return rule;
            }
        }
        return null;
    }

    /// Starts every origin in order. Blocking: virtual threads only.
    public void start() throws IOException {
        for (IngressRule rule : rules) {
            try {
                rule.origin().start();
            } catch (IOException e) {
                throw new IOException(
                        "service " + rule.service().text() + " does not start: " + e.getMessage(),
                        e);
            }
        }
    }

    /// The second time does nothing.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        for (IngressRule rule : rules) {
            Origin origin = rule.origin();
            origin.close();
        }
    }

    static boolean isManagement(String name) {
        return name.equals(MANAGEMENT_HOST) || name.equals("management.fed.argotunnel.com");
    }

    /// Lower case, without port and final dot; the same object when there is nothing to do.
    static String name(String host) {
        int end = host.length();
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && colon > host.lastIndexOf(']')) {
            end = colon;
        }
        if (end > 0 && host.charAt(end - 1) == '.') {
            end--;
        }
        return host.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /// The path without query, percent-decoded as UTF-8. An escape that is none stays as it is.
    static String decode(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        if (path.indexOf('%') < 0) {
            return path;
        }
        byte[] in = path.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                out.put(in[i]);
            } else {
                out.put((byte) (high << 4 | low));
                i += 2;
            }
        }
        return new String(out.array(), 0, out.position(), StandardCharsets.UTF_8);
    }
}
