package dev.culvert.gateway.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The real curl, over HTTP/2 where it can. Blocking.
final class Curl {
    private final Stage stage;

    Curl(Stage stage) {
        this.stage = stage;
    }

    private Process start(String path, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "curl",
                                "--silent",
                                "--show-error",
                                "--fail-with-body",
                                "--noproxy",
                                "*",
                                "--cacert",
                                stage.authority().toString()));
        command.addAll(List.of(more));
        command.add("https://web.localhost:" + stage.publicPort() + path);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    void download(long bytes) throws IOException, InterruptedException {
        Process curl = start("/bytes/" + bytes);
        curl.getOutputStream().close();
        long got = Pattern.checkAll(curl.getInputStream());
        if (curl.waitFor() != 0 || got != bytes) {
            throw new IOException("curl got " + got + " of " + bytes + " bytes");
        }
    }

    void upload(long bytes) throws IOException, InterruptedException {
        Process curl =
                start("/check", "--request", "POST", "--header", "Expect:", "--upload-file", "-");
        try (var out = curl.getOutputStream()) {
            Pattern.write(out, 0, bytes);
        }
        String counted = new String(curl.getInputStream().readAllBytes()).trim();
        if (curl.waitFor() != 0 || !counted.equals("" + bytes)) {
            throw new IOException("the origin got " + counted + " bytes of " + bytes);
        }
    }
}
