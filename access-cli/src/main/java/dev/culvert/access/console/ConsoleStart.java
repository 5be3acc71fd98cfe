package dev.culvert.access.console;

import dev.culvert.access.Problem;
import dev.culvert.access.login.Browser;
import dev.culvert.access.ports.Account;
import dev.culvert.access.ports.Way;
import dev.culvert.terminal.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Opens the console at the terminal this process was started at.
public final class ConsoleStart {
    private ConsoleStart() {}

    /// Whether somebody sits there: input and output are a terminal.
    public static boolean isPossible() {
        return Screen.isTerminal();
    }

    /// @return the exit code
    public static int run(Way way) throws Problem {
        Path history = directory(way.environment()).resolve("history");
        try (Screen screen = Screen.open("access", history, way.environment());
                AccessConsole console = new AccessConsole(screen, way, Account.of(way), _ -> {})) {
            console.run();
            return 0;
        } catch (IOException e) {
            throw Problem.failed(
                    "the console cannot be opened: " + e,
                    "see that " + history + " is yours to write, or set CULVERT_ACCESS_HOME");
        }
    }

    private static AccessConsole console(Screen screen, Way way) {
        Account account = Account.of(way.asking(new ScreenPrompt(screen)));
        return new AccessConsole(screen, way, account, Browser.of(way.environment())::open);
    }

    private static Path directory(UnaryOperator<@Nullable String> environment) {
        String own = environment.apply("CULVERT_ACCESS_HOME");
        return own != null && !own.isBlank()
                ? Path.of(own)
                : Path.of(System.getProperty("user.home"), ".culvert", "access");
    }
}
