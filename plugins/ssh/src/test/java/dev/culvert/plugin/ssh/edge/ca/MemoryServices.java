package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.TestEdge;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// What an edge gives to the authority besides: a clock that is set, and tokens.
final class MemoryServices extends TestEdge {
    final Map<String, Admitted> byToken = new HashMap<>();
    Instant now = Instant.now();

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    @Override
    public Admitted admitByToken(String applicationToken, String address) throws RefusedException {
        Admitted admitted = byToken.get(applicationToken);
        if (admitted == null) {
            throw new RefusedException("bad_token", "the token is not good", "sign in again");
        }
        return admitted;
    }
}
