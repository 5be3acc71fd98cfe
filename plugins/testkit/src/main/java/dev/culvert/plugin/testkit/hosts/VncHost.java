package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A running TigerVNC server that asks for a password: a blue screen with a shell of the user `nobody`. Text selected
/// with the mouse is on the clipboard; Shift+Insert pastes.
///
/// Blocking.
public final class VncHost implements AutoCloseable {
    /// VNC counts eight characters of it.
    public static final String PASSWORD = "Vnc-tst1";

    private static final String SERVER =
            """
            #!/bin/sh
            printf %%s '%s' | (umask 077; tigervncpasswd -f >password) || exit 1
            exec Xtigervnc -displayfd 3 -rfbport %d -localhost -SecurityTypes VncAuth -PasswordFile password \\
                -UseBlacklist 0 -desktop 'VNC test host' -geometry 1024x768 -depth 24 -nolisten tcp -noreset 3>display
            """;

    private static final String SCREEN =
            """
            #!/bin/sh
            cd "$HOME" || exit 1
            xsetroot -solid '#0a3d62'
            ratpoison &
            exec xterm -fa 'DejaVu Sans Mono' -fs 14 -bg '#0a3d62' -fg white -cr white -uc +sb -b 8 \\
                -xrm 'XTerm*selectToClipboard: true' -e "${0%/*}/shell"
            """;

    private static final String SHELL =
            """
            #!/bin/sh
            printf '\\033[1;33m VNC TEST HOST \\033[0m\\n\\n'
            touch started
            PS1='vnc> '; export PS1
            exec /bin/sh -i
            """;

    private final Workplace workplace;
    private final int port = Machine.freePort();
    private final Path home;

    private VncHost(Workplace workplace) throws IOException {
        this.workplace = workplace;
        this.home = workplace.home();
    }

    public static VncHost start() throws IOException {
        Workplace workplace = Workplace.create("vnc");
        try {
            VncHost host = new VncHost(workplace);
            host.startScreen(host.startServer());
            return host;
        } catch (IOException | AssertionError e) {
            workplace.close();
            throw e;
        }
    }

    /// Returns its display's number, which it writes once it serves.
    private String startServer() throws IOException {
        Path script = workplace.script("server", SERVER.formatted(PASSWORD, port));
        Process server = workplace.start("xtigervnc", Map.of(), List.of(script.toString()));
        Path display = workplace.directory().resolve("display");
        workplace.await("xtigervnc", server, () -> read(display).endsWith("\n"));
        return read(display).strip();
    }

    private void startScreen(String display) throws IOException {
        workplace.script("shell", SHELL);
        Path script = workplace.script("screen", SCREEN);
        Process screen =
                workplace.start(
                        "screen",
                        Map.of("DISPLAY", ":" + display, "HOME", home.toString()),
                        Workplace.asNobody(script.toString()));
        workplace.await("screen", screen, () -> Files.exists(home.resolve("started")));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// On loopback.
    public int port() {
        return port;
    }

    /// Where the shell on the screen is.
    public Path home() {
        return home;
    }

    public String log() throws IOException {
        return workplace.log("xtigervnc") + workplace.log("screen");
    }

    @Override
    public void close() throws IOException {
        workplace.close();
    }
}
