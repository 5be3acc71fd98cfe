package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A running RDP server, see the script `rdp-host-up`: a blue screen with a shell in which everything that is typed runs.
/// Text selected with the mouse is on the clipboard; Shift+Insert pastes.
///
/// Blocking.
public final class RdpHost implements AutoCloseable {
    public static final String USER = "rdptest";
    public static final String PASSWORD = "Rdp-test-1";

    private static final Script SCRIPT =
            new Script(
                    "rdp-host-up",
                    Map.of(
                            "RDP_HOST_WAIT",
                            "120",
                            "RDP_HOST_XORG",
                            Machine.cache("xorgxrdp").toString()));

    private final Workplace workplace;
    private final int port;
    private final Path home;

    private RdpHost(Workplace workplace, int port, Path home) {
        this.workplace = workplace;
        this.port = port;
        this.home = home;
    }

    /// xrdp on Xvnc: TLS security without NLA, classic bitmaps, clipboard, drive and audio.
    public static RdpHost xrdp() throws IOException {
        return ofSystemUsers();
    }

    /// As [#xorg], but each connection has a session of its own, twenty at most, which ends soon after it.
    public static RdpHost separate() throws IOException {
        return ofSystemUsers("--xorg", "--separate");
    }

    /// xrdp on xorgxrdp: as [#xrdp], with RemoteFX for clients that want it.
    public static RdpHost xorg() throws IOException {
        return ofSystemUsers("--xorg");
    }

    /// freerdp-shadow: NLA is required. Neither drive nor audio.
    public static RdpHost nla() throws IOException {
        Workplace workplace = Workplace.create("rdp");
        int port = Machine.freePort();
        Path home = workplace.directory().resolve(port + "/home");
        return new RdpHost(workplace, port, home).start("--nla");
    }

    private static RdpHost ofSystemUsers(String... options) throws IOException {
        return new RdpHost(Workplace.create("rdp"), Machine.freePort(), Path.of("/home", USER))
                .start(options);
    }

    private RdpHost start(String... options) throws IOException {
        Object[] arguments = new Object[options.length + 2];
        System.arraycopy(options, 0, arguments, 0, options.length);
        arguments[options.length] = workplace.directory();
        arguments[options.length + 1] = port;
        try {
            SCRIPT.run(arguments);
        } catch (IOException | AssertionError e) {
            workplace.close();
            throw e;
        }
        return this;
    }

    /// On loopback.
    public int port() {
        return port;
    }

    /// Where the shell on the screen is. Of all xrdps of this machine: name files uniquely.
    public Path home() {
        return home;
    }

    /// Its certificate, self-signed, for `localhost`, of PEM. freerdp-shadow makes another one.
    public Path certificate() {
        return workplace.directory().resolve(port + "/cert.pem");
    }

    /// Everything its programs have said.
    public String log() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(workplace.directory().resolve(port + "/log"))) {
            for (Path file : files.sorted().toList()) {
                all.append("--- ").append(file.getFileName()).append('\n');
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    /// Ends it and each of its sessions.
    @Override
    public void close() throws IOException {
        SCRIPT.run("--stop", workplace.directory(), port);
        workplace.close();
    }
}
