package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.ssh.edge.host.HostClient;
import java.util.concurrent.ScheduledExecutorService;

/// What all terminals share. Immutable.
record TerminalServices(
        EdgeServices edge, HostClient hosts, OpenTerminals open, ScheduledExecutorService timer) {}
