package dev.culvert.access.login;

import dev.culvert.access.ForwardOptions;
import dev.culvert.access.Problem;
import dev.culvert.access.Route;
import dev.culvert.access.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run of the system's curl with a token. The token is in a cookie file of mode 0600: an argument would be seen by
/// every user of the machine, and a header field be sent on to other hosts by `--location`.
///
/// One use; blocking.
final class CurlRun {
    private final List<String> arguments;
    private final int at;
    private final Target target;

    /// @param arguments those of curl, the address among them
    CurlRun(List<String> arguments) throws Problem {
        this.arguments = arguments;
        this.at = address(arguments);
        this.target = Target.parse(arguments.get(at), "URL");
    }

    /// The first that is an address plainly, else the first of all.
    private static int address(List<String> arguments) throws Problem {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).matches("(?i)https?://.*")) {
                return i;
            }
        }
        if (arguments.isEmpty() || arguments.getFirst().startsWith("-")) {
            throw Problem.usage(
                    "URL: missing (expected: the address of the request)",
                    "for example access curl https://wiki.example.com/ -s");
        }
        return 0;
    }

    Target target() {
        return target;
    }

    /// @param token null to send none
    /// @return curl's exit code
    int run(ForwardOptions way, @Nullable String token) throws Problem {
        try {
            Path cookies = Files.createTempFile("access-curl-", ".cookies");
            // A signal ends both programs.
            cookies.toFile().deleteOnExit();
            try {
                Files.writeString(cookies, token == null ? "" : cookie(token));
                return new ProcessBuilder(line(way, cookies)).inheritIO().start().waitFor();
            } finally {
                Files.deleteIfExists(cookies);
            }
        } catch (IOException e) {
            throw Problem.failed("curl cannot be run: " + e.getMessage(), "install curl");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.FAILED;
        }
    }

    /// Netscape's form: host, no subdomains, path, TLS only, until the end, name, value.
    private String cookie(String token) {
        return String.join(
                        "\t",
                        "#HttpOnly_" + target.address().host(),
                        "FALSE",
                        "/",
                        "TRUE",
                        "0",
                        "CF_Authorization",
                        token)
                + "\n";
    }

    private List<String> line(ForwardOptions way, Path cookies) throws Problem {
        List<String> line = new ArrayList<>(List.of("curl", "--cookie", cookies.toString()));
        if (way.cacert != null) {
            line.addAll(List.of("--cacert", way.cacert));
        }
        if (way.connectTo != null) {
            line.addAll(List.of("--connect-to", "::" + Route.of(way, _ -> null).dial()));
        }
        line.addAll(arguments);
        line.set(line.size() - arguments.size() + at, target.uri());
        return line;
    }
}
