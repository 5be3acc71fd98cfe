package dev.culvert.access.login;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Opens a page in the user's browser: `$BROWSER`, else what the desktop has for it. A machine without either has none,
/// and nothing happens.
///
/// Immutable.
public final class Browser {
    private final List<String> command;

    private Browser(List<String> command) {
        this.command = command;
    }

    /// @param environment value of a variable, or null
    public static Browser of(UnaryOperator<@Nullable String> environment) {
        String named = environment.apply("BROWSER");
        if (named != null && !named.isBlank()) {
            // Several may be named, the first is preferred.
            return new Browser(List.of(named.split(":")[0].strip().split("\\s+")));
        }
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return new Browser(List.of("rundll32", "url.dll,FileProtocolHandler"));
        }
        if (system.contains("mac")) {
            return new Browser(List.of("open"));
        }
        boolean desktop =
                environment.apply("DISPLAY") != null
                        || environment.apply("WAYLAND_DISPLAY") != null;
        return new Browser(desktop ? List.of("xdg-open") : List.of());
    }

    public void open(URI page) {
        if (command.isEmpty()) {
            return;
        }
        List<String> line = new ArrayList<>(command);
        line.replaceAll(word -> word.replace("%s", page.toString()));
        if (line.equals(command)) {
            line.add(page.toString());
        }
        try {
            // Nothing it says may come between the bytes of a tunnel.
            new ProcessBuilder(line)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
        } catch (IOException e) {
            // The person was told the address.
        }
    }
}
