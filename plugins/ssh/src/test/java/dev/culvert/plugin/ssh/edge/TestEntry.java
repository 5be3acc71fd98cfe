package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.TunnelStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody who was let in to a host that listens on the loopback. Revocable.
public class TestEntry implements Admitted {
    public static final String HOST = "build.example.com";
    private static final UUID SESSION = UUID.randomUUID();

    private final int port;
    private final SshAccess access;
    private final AtomicReference<Consumer<String>> ended = new AtomicReference<>();
    private volatile @Nullable String reason;
    public volatile boolean closed;

    public TestEntry(int port, SshAccess access) {
        this.port = port;
        this.access = access;
    }

    public static TestEntry to(int port) {
        return new TestEntry(port, access(SshSettings.DEFAULT));
    }

    public static SshAccess access(SshSettings settings, SshRights.Use... uses) {
        SshRights rights =
                uses.length == 0
                        ? SshRights.DEFAULT
                        : new SshRights(List.of("{user}"), Set.of(uses), false);
        return new SshAccess(settings, rights, List.of(OpenSshd.USER));
    }

    public static SshSettings settings(
            SshSettings.Recording recording, List<String> hostKeys, List<String> authorities) {
        return new SshSettings(
                SshSettings.Passage.AUDITED,
                recording,
                SshSettings.DEFAULT.certificateLife(),
                hostKeys,
                authorities);
    }

    @Override
    public String actor() {
        return "ann@example.com";
    }

    @Override
    public Person person() {
        return new Person(SESSION, "identity-ann", actor());
    }

    @Override
    public DesktopSettings desktop() {
        return DesktopSettings.DEFAULT;
    }

    @Override
    public String kind() {
        return "ssh";
    }

    @Override
    public String application() {
        return "build";
    }

    @Override
    public String host() {
        return HOST;
    }

    @Override
    public String address() {
        return "192.0.2.7";
    }

    @Override
    public String id() {
        return "request-1";
    }

    @Override
    public @Nullable Instant expiresAt() {
        return null;
    }

    @Override
    public SshAccess ssh() {
        return access;
    }

    @Override
    public void onEnd(Consumer<String> callback) {
        ended.set(callback);
        String over = reason;
        if (over != null) {
            callback.accept(over);
        }
    }

    public void revoke(String why) {
        reason = why;
        Consumer<String> callback = ended.get();
        if (callback != null) {
            callback.accept(why);
        }
    }

    @Override
    public TunnelStream open() throws IOException {
        try {
            return SocketStream.to(port);
        } catch (java.net.ConnectException e) {
            throw new RefusedException("origin_refused", "Nothing listens.", "Start it.");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
