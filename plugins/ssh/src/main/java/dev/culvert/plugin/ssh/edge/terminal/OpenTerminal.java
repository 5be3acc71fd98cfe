package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.ssh.edge.host.HostSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A session that a terminal has open, as requests for its files find it. Immutable.
///
/// @param id unguessable
/// @param csrf what requests that change something have to bring, unguessable too
/// @param recorder null when nothing is recorded
/// @param transfers how many more may be under way
record OpenTerminal(
        String id,
        String csrf,
        HostSession host,
        @Nullable Recorder recorder,
        Semaphore transfers) {
    /// Hosts take ten channels of a connection by default, the terminal's among them.
    static final int MOST_TRANSFERS = 4;

    OpenTerminal(String id, String csrf, HostSession host, @Nullable Recorder recorder) {
        this(id, csrf, host, recorder, new Semaphore(MOST_TRANSFERS, true));
    }

    /// Whether somebody is the one who opened it, in the same session and at the same host.
    boolean isOf(Admitted other) {
        Admitted owner = host.admitted();
        return owner.host().equals(other.host())
                && owner.application().equals(other.application())
                && owner.actor().equals(other.actor())
                && Objects.equals(session(owner), session(other));
    }

    private static @Nullable Object session(Admitted admitted) {
        Person person = admitted.person();
        return person == null ? null : person.session();
    }

    boolean isCsrf(String value) {
        return MessageDigest.isEqual(
                csrf.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /// Without the secrets.
    @Override
    public String toString() {
        return "OpenTerminal[" + host.admitted().id() + "]";
    }
}
