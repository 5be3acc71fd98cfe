package dev.culvert.bench.ground;

import dev.culvert.plugin.testkit.hosts.Guacd;
import dev.culvert.plugin.testkit.hosts.RdpHost;
import dev.culvert.plugin.testkit.hosts.VncHost;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Hosts of remote desktops: as many xrdp (with xorgxrdp) as it takes, one TigerVNC whose screen all share; and a guacd.
/// Confined to one thread; [#close] to any.
final class DesktopHosts implements AutoCloseable {
    /// An xrdp takes twenty, and one that was left keeps its place for a while.
    private static final int SESSIONS_A_HOST = 8;

    private static final int ALL = 100;

    /// A host as an application of an edge.
    ///
    /// @param sessions that it takes at once
    record Host(
            String name,
            DesktopWay.Kind kind,
            int port,
            String user,
            String password,
            int sessions) {
        String domain() {
            return name + ".localhost";
        }

        String service() {
            return kind.protocol() + "://127.0.0.1:" + port;
        }
    }

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<Host> hosts = new ArrayList<>();
    private final Guacd guacd;

    private DesktopHosts(int sessions) throws IOException {
        try {
            guacd = Guacd.start();
            running.push(guacd);
            for (int i = 0; i * SESSIONS_A_HOST < sessions; i++) {
                startRdp(i);
            }
            VncHost vnc = VncHost.start();
            running.push(vnc);
            hosts.add(
                    new Host(
                            "desktop-vnc",
                            DesktopWay.Kind.GUACD_VNC,
                            vnc.port(),
                            "",
                            VncHost.PASSWORD,
                            ALL));
        } catch (IOException | AssertionError e) {
            close();
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Both engines come to it.
    private void startRdp(int number) throws IOException {
        RdpHost host = RdpHost.separate();
        running.push(host);
        for (DesktopWay.Kind kind : List.of(DesktopWay.Kind.BUILT_IN, DesktopWay.Kind.GUACD_RDP)) {
            hosts.add(
                    new Host(
                            "desktop-" + kind.label() + "-" + number,
                            kind,
                            host.port(),
                            RdpHost.USER,
                            RdpHost.PASSWORD,
                            SESSIONS_A_HOST));
        }
    }

    /// @param sessions of each kind at once
    /// @return empty where there can be none, which is told
    static Optional<DesktopHosts> start(Ground ground, int sessions) {
        if (!Ground.isRoot()) {
            System.err.println("bench: no remote desktops: their hosts need root");
            return Optional.empty();
        }
        System.err.println("bench: starting hosts of remote desktops");
        try {
            DesktopHosts hosts = new DesktopHosts(sessions);
            if (ground.owns(hosts)) {
                return Optional.of(hosts);
            }
            hosts.close();
        } catch (IOException e) {
            System.err.println("bench: no remote desktops: " + Failure.line(e));
        }
        return Optional.empty();
    }

    List<Host> all() {
        return List.copyOf(hosts);
    }

    int guacdPort() {
        return guacd.port();
    }

    Family guacd() throws IOException {
        return new Family(guacd.pid());
    }

    /// The latest first, each whatever fails of another.
    @Override
    public void close() throws IOException {
        IOException failed = null;
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception | AssertionError e) {
                failed = new IOException(e.getMessage(), e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public String toString() {
        return "hosts of remote desktops";
    }
}
