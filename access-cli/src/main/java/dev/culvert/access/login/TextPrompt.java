package dev.culvert.access.login;

import dev.culvert.access.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Lines for a person, never on stdout, which may be a tunnel.
///
/// Immutable.
public final class TextPrompt implements LoginPrompt {
    private final boolean terminal;

    private TextPrompt(boolean terminal) {
        this.terminal = terminal;
    }

    /// Writes to the terminal, where a person looks whatever the streams of the process are; without one to stderr.
    public static TextPrompt terminal() {
        return new TextPrompt(true);
    }

    public static TextPrompt stderr() {
        return new TextPrompt(false);
    }

    @Override
    public void signIn(String app, String authHost, URI page, String code) {
        say(
                "access: " + app + " needs a login at " + authHost + ": open",
                "",
                "    " + page,
                "",
                "access: and confirm only if the code there is " + code);
    }

    @Override
    public void othersSignIn(String authHost, URI page) {
        say(
                "access: waiting for the login at " + authHost + " that has begun already:",
                "",
                "    " + page,
                "");
    }

    private void say(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            // Names come from the server; an address has nothing in it that a terminal would act
            // upon.
            text.append(line.startsWith("    ") ? line : Problem.printable(line));
            text.append(System.lineSeparator());
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (!terminal || !toTerminal(bytes)) {
            System.err.write(bytes, 0, bytes.length);
            System.err.flush();
        }
    }

    private static boolean toTerminal(byte[] bytes) {
        try {
            Path terminal = Path.of(System.getProperty("culvert.access.terminal", "/dev/tty"));
            Files.write(terminal, bytes, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
