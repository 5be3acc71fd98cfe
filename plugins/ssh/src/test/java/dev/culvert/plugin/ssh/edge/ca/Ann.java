package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.TunnelStream;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody who was let in, with the rights of a test. Immutable.
record Ann(Person someone, SshAccess ssh, @Nullable Instant expiresAt) implements Admitted {
    static final Person PERSON =
            new Person(
                    UUID.fromString("0b9f3a52-7c11-4d0e-9f63-2a1c5b7e8d90"),
                    "local:ann",
                    "ann@example.com");

    static Ann with(List<String> principals, Use... uses) {
        SshRights rights = new SshRights(principals, Set.of(uses), false);
        return new Ann(PERSON, new SshAccess(SshSettings.DEFAULT, rights, principals), null);
    }

    Ann until(Instant end) {
        return new Ann(someone, ssh, end);
    }

    Ann settings(SshSettings settings) {
        return new Ann(someone, new SshAccess(settings, ssh.rights(), ssh.principals()), expiresAt);
    }

    @Override
    public String actor() {
        return someone.email();
    }

    @Override
    public Person person() {
        return someone;
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
        return "build.example.com";
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
    public void onEnd(Consumer<String> ended) {
        // Nothing ends here.
    }

    @Override
    public TunnelStream open() {
        throw new UnsupportedOperationException("certificates need no stream");
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
