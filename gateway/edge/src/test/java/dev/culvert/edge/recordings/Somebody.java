package dev.culvert.edge.recordings;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.TunnelStream;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// Somebody whose session is recorded.
public record Somebody(String actor, String host) implements Admitted {
    /// A shell of theirs.
    public static Recordings.Subject shell(String actor, String host) {
        return new Recordings.Subject(
                new Somebody(actor, host), "ssh", "ann", "browser", 80, 24, "", true);
    }

    @Override
    public Person person() {
        return new Person(new UUID(1, 2), "identity", actor);
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
    public String address() {
        return "192.0.2.7";
    }

    @Override
    public String id() {
        return "0123456789abcdef";
    }

    @Override
    public Instant expiresAt() {
        return Instant.MAX;
    }

    @Override
    public SshAccess ssh() {
        return new SshAccess(SshSettings.DEFAULT, SshRights.DEFAULT, List.of("ann"));
    }

    @Override
    public void onEnd(Consumer<String> ended) {}

    @Override
    public TunnelStream open() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
