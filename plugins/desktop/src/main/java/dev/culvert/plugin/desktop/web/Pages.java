package dev.culvert.plugin.desktop.web;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The pages and their files, made when somebody first asks. Thread-safe.
final class Pages {
    private final Supplier<WebFiles> reading;
    private @Nullable Ready ready;

    Pages(Supplier<WebFiles> reading) {
        this.reading = reading;
    }

    synchronized Ready get() {
        if (ready == null) {
            ready = make(reading.get());
        }
        return ready;
    }

    private static Ready make(WebFiles files) {
        return new Ready(
                files,
                files.page("desktop.html", DesktopPage.ASSETS, WebFiles.PAGE_SCRIPTS),
                files.page("frame.html", DesktopPage.ASSETS, WebFiles.FRAME_SCRIPTS),
                files.page("view.html", ViewPage.ASSETS, WebFiles.VIEW_SCRIPTS));
    }

    record Ready(WebFiles files, String page, String frame, String view) {}
}
