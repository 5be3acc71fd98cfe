package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.edge.identity.EmailAddress;
import dev.culvert.edge.signin.MailConfig;
import dev.culvert.edge.signin.MailConfig.Security;
import dev.culvert.edge.signin.Secret;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `identity.mail` of the edge's configuration. Stateless.
final class MailReader {
    private static final Pattern SERVER =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^\\[\\]:/@\\s]+)):(\\d{1,5})");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private MailReader() {}

    static @Nullable MailConfig read(ConfigMap identity) {
        ConfigMap mail = identity.map("mail");
        if (mail == null) {
            return null;
        }
        Security security =
                mail.choice(
                        "tls",
                        Security.STARTTLS,
                        Map.of(
                                "starttls", Security.STARTTLS,
                                "tls", Security.TLS,
                                "none", Security.NONE));
        String from = from(mail);
        String username = mail.text("username");
        Secret password = IdentityValues.secret(mail, "password");
        if ((username == null) == mail.has("password_file")) {
            mail.problem(
                    username == null ? "username" : "password_file",
                    "missing (expected: username and password_file, or neither)");
        }
        List<X509Certificate> roots = IdentityValues.roots(mail);
        Server server = server(mail);
        if (server != null && security == Security.NONE && !LOOPBACK.contains(server.host())) {
            mail.problem(
                    "tls",
                    "none to "
                            + server.host()
                            + " (expected: starttls or tls; none is for a server on localhost)");
        }
        MailConfig read =
                server == null || from == null
                        ? null
                        : new MailConfig(
                                server.host(),
                                server.port(),
                                security,
                                from,
                                username,
                                password,
                                roots);
        mail.finish();
        return read;
    }

    private record Server(String host, int port) {}

    private static @Nullable Server server(ConfigMap mail) {
        String expected = "HOST:PORT, such as smtp.example.com:587";
        String text = IdentityValues.required(mail, "server", expected);
        if (text == null) {
            return null;
        }
        Matcher matcher = SERVER.matcher(text);
        if (matcher.matches()) {
            int port = Integer.parseInt(matcher.group(3));
            String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            if (port >= 1 && port <= 65535) {
                return new Server(host, port);
            }
        }
        mail.problem("server", Shown.value(text) + " (expected: " + expected + ")");
        return null;
    }

    private static @Nullable String from(ConfigMap mail) {
        String expected = "an address, such as Culvert <culvert@example.com>";
        String text = IdentityValues.required(mail, "from", expected);
        if (text == null) {
            return null;
        }
        try {
            InternetAddress[] addresses = InternetAddress.parse(text, true);
            if (addresses.length == 1 && EmailAddress.normal(addresses[0].getAddress()) != null) {
                return text;
            }
        } catch (AddressException e) {
            // Reported below, like an address without a domain.
        }
        mail.problem("from", Shown.value(text) + " (expected: " + expected + ")");
        return null;
    }
}
