package dev.culvert.plugin.desktop.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.session.WatchPage;
import dev.culvert.plugin.edge.web.PageAnswer;
import java.io.IOException;

/// The page of an administrator who watches a session, and its files, below any address: all of its own are relative.
/// Whoever asks has been let in. Thread-safe.
public final class ViewPage implements WatchPage {
    static final String ASSETS = "assets/";

    private final Pages pages;

    ViewPage(Pages pages) {
        this.pages = pages;
    }

    /// Answers a request for the page or a file of it.
    ///
    /// @param path below the session's `/view/`: empty for the page
    /// @param control whether keyboard and mouse are offered
    /// @return whether it was one
    @Override
    public boolean handle(String path, HttpExchange exchange, boolean control) throws IOException {
        boolean isPage = path.isEmpty();
        if (!isPage && !path.startsWith(ASSETS)) {
            return false;
        }
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            PageAnswer.text(exchange, 405, "this is only to be read\n");
        } else if (isPage) {
            show(exchange, control);
        } else {
            String file = DesktopPage.ASSETS + path.substring(ASSETS.length());
            DesktopPage.give(exchange, pages.get(), file);
        }
        return true;
    }

    private void show(HttpExchange exchange, boolean control) throws IOException {
        String page = pages.get().view().replace("{control}", control ? "yes" : "no");
        PageAnswer.html(exchange, page, DesktopPage.POLICY.replace("frame-src 'self'; ", ""));
    }
}
