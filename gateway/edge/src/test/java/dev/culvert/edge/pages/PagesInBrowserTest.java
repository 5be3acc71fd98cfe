package dev.culvert.edge.pages;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The pages in a Chromium, under their real headers. With `-Dpictures`, pictures of them are left in `target/pages`.
final class PagesInBrowserTest {
    @Test
    void keepToTheirPolicyFitTheScreenAndCanBeReadByAll() throws Exception {
        String pictures = "";
        if (System.getProperty("pictures") != null) {
            pictures = Files.createDirectories(Path.of("target/pages")).toAbsolutePath().toString();
        }

        try (PagePreview preview = PagePreview.start(0)) {
            BrowserScript.run("looks.mjs", preview.url(), pictures);
        }
    }

    @Test
    void theirScriptsDoWhatTheyPromise() throws Exception {
        try (PagePreview preview = PagePreview.start(0)) {
            BrowserScript.run("scripts.mjs", preview.url());
        }
    }
}
