package dev.culvert.edge.pages;

import dev.culvert.policy.Application;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The applications a person may use, at [Paths#LAUNCHER]. Immutable.
public record LauncherPage(Viewer viewer, List<App> apps, @Nullable Notice notice) implements Page {
    public LauncherPage {
        apps = List.copyOf(apps);
    }

    /// @param host shown
    /// @param url opens it in the browser, null when a browser cannot
    /// @param command opens it from a terminal, such as `access ssh --hostname …`; null when none does
    public record App(
            String name,
            Application.Kind kind,
            String host,
            @Nullable String url,
            @Nullable String command) {}

    /// Kinds that have an application, in their order.
    public List<Application.Kind> kinds() {
        return Arrays.stream(Application.Kind.values())
                .filter(kind -> !of(kind).isEmpty())
                .toList();
    }

    public List<App> of(Application.Kind kind) {
        return apps.stream().filter(app -> app.kind() == kind).toList();
    }
}
