package dev.culvert.edge.signin;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server that takes the edge's mails, and how. Immutable.
///
/// @param from sender as mail clients show it: an address, or a name and an address in `<>`
/// @param username null when the server asks for none
/// @param password of the user; null without one
/// @param roots whose certificates are trusted; empty for the system's
public record MailConfig(
        String host,
        int port,
        Security security,
        String from,
        @Nullable String username,
        @Nullable Secret password,
        List<X509Certificate> roots) {

    /// How the way to the mail server is protected. Where it is, chain and name are verified.
    public enum Security {
        /// TLS after `STARTTLS`; a server that does not offer it gets no mail.
        STARTTLS,
        /// TLS from the first byte.
        TLS,
        /// None: for a mail server on the edge's own machine.
        NONE
    }

    public MailConfig {
        roots = List.copyOf(roots);
    }
}
