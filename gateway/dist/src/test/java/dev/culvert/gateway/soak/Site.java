package dev.culvert.gateway.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// A state directory with one tunnel, `web.localhost` and `echo.localhost` leading to it, made with the
/// commands people use. Immutable.
record Site(Path programs, Path directory, String token) {

    /// @param programs directory of `gateway` and `access`
    static Site create(Path programs, Path directory) throws IOException, InterruptedException {
        Site site = new Site(programs, directory, "");
        String created = site.gateway("tunnel", "create", "soak", "-o", "json");
        Matcher token =
                java.util.regex.Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"").matcher(created);
        if (!token.find()) {
            throw new IOException("tunnel create gave no token: " + created);
        }
        site.gateway("route", "add", "web.localhost", "soak", "--public");
        site.gateway("route", "add", "echo.localhost", "soak", "--public");
        return new Site(programs, directory, token.group(1));
    }

    Path state() {
        return directory.resolve("state");
    }

    Path authority() {
        return state().resolve("ca.pem");
    }

    /// A command on the state.
    ///
    /// @return what it said
    String gateway(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(programs.resolve("gateway").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--state", state().toString()));
        Program run = Program.start("command", directory, Map.of(), command);
        run.waitFor();
        return run.log();
    }

    /// The connector's configuration.
    Path rules(Origins origins) throws IOException {
        Path file = directory.resolve("config.yml");
        Files.writeString(
                file,
                """
                ingress:
                  - hostname: web.localhost
                    service: http://127.0.0.1:%d
                  - hostname: echo.localhost
                    service: tcp://127.0.0.1:%d
                  - service: http_status:404
                """
                        .formatted(origins.httpPort(), origins.echoPort()));
        return file;
    }
}
