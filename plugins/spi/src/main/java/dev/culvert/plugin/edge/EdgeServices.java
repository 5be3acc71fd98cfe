package dev.culvert.plugin.edge;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the edge gives to its half of a plugin. Thread-safe; everything that may block says so.
public interface EdgeServices {
    InstantSource clock();

    /// `https://auth.example.com`, with a port unless it is 443.
    String authOrigin();

    /// Values this plugin keeps.
    PluginStore store();

    Recordings recordings();

    /// Where guacd is; null when the configuration does not say.
    @Nullable GuacdSettings guacd();

    /// Shows a session to administrators until the result is closed.
    Shown show(LiveSession session);

    /// Adds a line to the audit log; does not wait until it is written.
    void audit(AuditNote note);

    /// Somebody's access to a host, decided by the policies and written down. Blocking.
    ///
    /// @param address the user's
    /// @throws RefusedException when there is no such application, the policies say no (`denied`), or it
    ///     cannot be written down (`unrecorded`)
    Admitted admit(Person person, String host, String address) throws IOException;

    /// The same for whoever shows the application token of a host, as command lines do. Blocking.
    ///
    /// @throws RefusedException also when the token is not good (`bad_token`)
    Admitted admitByToken(String applicationToken, String address) throws IOException;

    /// The person of a session, null when it has ended.
    @Nullable Person person(UUID session);

    /// The person who has registered a public key, by a session of theirs that is alive; null when
    /// nobody has, or they have to sign in again.
    ///
    /// @param key the key as on the wire (RFC 4253, section 6.6)
    /// @throws IOException when the state cannot be read
    @Nullable Person byPublicKey(byte[] key) throws IOException;

    /// Somebody has proven to hold the registered key: it was used now. Does not block.
    void usedPublicKey(byte[] key);

    /// Asks for somebody's confirmation in a browser, where they sign in if need be.
    ///
    /// @param program what asks, as the page shows it: `OpenSSH_9.2p1 to build.example.com`
    /// @param address from where
    /// @throws RefusedException when too many wait already
    Confirmation confirm(String program, String address) throws RefusedException;

    /// Hands TCP connections to [EdgeHalf#accept] while the edge runs, each on a virtual thread of its own.
    ///
    /// A plugin's listener is opened by the edge when its configuration says so (`ssh_listen`); this is for
    /// the port alone.
    ///
    /// @return the port that listens, 0 when none does
    int listenerPort();

    /// A session that administrators see.
    interface Shown extends AutoCloseable {
        /// It is over. Idempotent.
        @Override
        void close();
    }

    /// A confirmation that is waited for.
    interface Confirmation extends AutoCloseable {
        /// To be opened in any browser; holds for [#LIFE].
        String url();

        /// Eight characters that the page shows too, such as `K7QM-2XTD`.
        String code();

        /// Waits. Null when nobody has answered in that time.
        ///
        /// @throws RefusedException when it was refused in the browser
        @Nullable Person await(Duration atMost) throws RefusedException, InterruptedException;

        /// It is not waited for any more. Idempotent.
        @Override
        void close();

        Duration LIFE = Duration.ofMinutes(5);
    }

    /// One line of the audit log, of the plugin's kind: `ssh`, `desktop`. Holds no secret. Immutable.
    ///
    /// @param outcome one word: `opened`, `forwarded`, `denied`, `ended`, `signed`, `changed`
    /// @param application null when it is about none, and `host` likewise
    /// @param details names and values in turn, names in lower case
    record AuditNote(
            String actor,
            String outcome,
            @Nullable String application,
            @Nullable String host,
            @Nullable String address,
            @Nullable String requestId,
            Object... details) {
        public static AuditNote of(Admitted admitted, String outcome, Object... details) {
            return new AuditNote(
                    admitted.actor(),
                    outcome,
                    admitted.application(),
                    admitted.host(),
                    admitted.address(),
                    admitted.id(),
                    details);
        }
    }
}
