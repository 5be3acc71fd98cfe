package dev.culvert.plugin.desktop;

import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgePlugin;
import dev.culvert.plugin.edge.EdgeServices;
import java.util.Set;

/// Remote desktops at the edge. See `docs/desktops.md`.
public final class DesktopPlugin implements EdgePlugin {
    @Override
    public String name() {
        return "desktop";
    }

    @Override
    public Set<String> kinds() {
        return Set.of("rdp", "vnc", "telnet");
    }

    @Override
    public EdgeHalf start(EdgeServices services) {
        return new DesktopHalf(services);
    }
}
