package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.ssh.edge.host.HostDialog;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a host asks while a relay enters it. Nobody can answer: a client has asked for a command and waits. So the
/// first key of a host is kept, with words about it, and questions are given up.
final class RelayDialog implements HostDialog {
    private final Relay relay;
    private final String host;

    RelayDialog(Relay relay, String host) {
        this.relay = relay;
        this.host = host;
    }

    Relay relay() {
        return relay;
    }

    @Override
    public boolean trust(ShownKey key) {
        try {
            relay.tell(
                    "The key of "
                            + host
                            + " was not known. It is kept from now on: "
                            + key.algorithm()
                            + " "
                            + key.fingerprint());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public @Nullable List<String> ask(Question question) {
        return null;
    }
}
