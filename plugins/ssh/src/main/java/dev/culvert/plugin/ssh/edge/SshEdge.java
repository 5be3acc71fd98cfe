package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgePlugin;
import dev.culvert.plugin.edge.EdgeServices;
import java.io.IOException;

/// SSH at the edge. See `docs/ssh.md`.
public final class SshEdge implements EdgePlugin {
    @Override
    public String name() {
        return "ssh";
    }

    @Override
    public EdgeHalf start(EdgeServices services) throws IOException {
        return new SshHalf(services);
    }
}
