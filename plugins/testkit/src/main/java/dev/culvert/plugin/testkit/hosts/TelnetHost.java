package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A running telnet server, GNU's, that asks `login: ` and `Password: ` and gives a shell of the user `nobody`.
///
/// Blocking.
public final class TelnetHost implements AutoCloseable {
    public static final String USER = "telnettest";
    public static final String PASSWORD = "Telnet-test-1";

    private static final String LOGIN =
            """
            #!/bin/sh
            printf 'login: '; read -r user || exit 1
            printf 'Password: '; stty -echo; read -r password || exit 1; stty echo; echo
            if [ "$user" != '%s' ] || [ "$password" != '%s' ]; then
                echo 'Login incorrect'
                exit 1
            fi
            cd '%s' || exit 1
            HOME=$PWD PS1='telnet> '; export HOME PS1
            exec %s
            """;

    private final Workplace workplace;
    private final int port = Machine.freePort();
    private final Path home;

    private TelnetHost(Workplace workplace) throws IOException {
        this.workplace = workplace;
        this.home = workplace.home();
    }

    public static TelnetHost start() throws IOException {
        Workplace workplace = Workplace.create("telnet");
        try {
            TelnetHost host = new TelnetHost(workplace);
            host.listen();
            return host;
        } catch (IOException | AssertionError e) {
            workplace.close();
            throw e;
        }
    }

    private void listen() throws IOException {
        String shell = String.join(" ", Workplace.asNobody("/bin/sh", "-i"));
        Path login = workplace.script("login", LOGIN.formatted(USER, PASSWORD, home, shell));
        // telnetd wants its connection as standard input, as inetd gives it.
        List<String> command =
                List.of(
                        "socat",
                        "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork",
                        "EXEC:/usr/sbin/telnetd --no-hostinfo --exec-login=" + login + ",nofork");
        Process listener = workplace.start("telnetd", Map.of(), command);
        workplace.await("telnetd", listener, () -> Machine.accepts(port));
    }

    /// On loopback.
    public int port() {
        return port;
    }

    /// Where its shells are.
    public Path home() {
        return home;
    }

    public String log() throws IOException {
        return workplace.log("telnetd");
    }

    @Override
    public void close() throws IOException {
        workplace.close();
    }
}
