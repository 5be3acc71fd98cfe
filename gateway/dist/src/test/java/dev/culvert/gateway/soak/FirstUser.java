package dev.culvert.gateway.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// Whoever an edge lets choose the first password: curl with a cookie jar, and the pages' forms. Used by one thread.
final class FirstUser {
    static final String EMAIL = "soak@example.com";
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final String ACTION = "<form[^>]* action=\"([^\"]*)\"";
    private static final String CSRF = "name=\"csrf\" value=\"([^\"]*)\"";

    private final Path directory;
    private final Path authority;

    FirstUser(Path directory, Path authority) {
        this.directory = directory;
        this.authority = authority;
    }

    /// Makes the account.
    ///
    /// @param link as the edge logs it
    /// @return origin of the pages
    String signUp(String link) throws IOException, InterruptedException {
        String origin = found("(https://[^/]+)/", link);
        String page = curl(List.of(link));
        String action = origin + found(ACTION, page).replace("&amp;", "&");
        send(origin, action, page, "email=" + EMAIL, "name=Soak", "password=" + PASSWORD);
        return origin;
    }

    /// Registers a public key for SSH.
    void register(String origin, String key) throws IOException, InterruptedException {
        String url = origin + "/cdn-cgi/access/account/ssh-keys";
        String page = curl(List.of(url));
        String after = send(origin, url + "/add", page, "name=soak", "key=" + key);
        if (!after.contains(" is added.")) {
            throw new IOException("the key was not taken: " + after);
        }
    }

    private static String found(String regex, String text) throws IOException {
        Matcher found = java.util.regex.Pattern.compile(regex).matcher(text);
        if (!found.find()) {
            throw new IOException("no " + regex + " in " + text);
        }
        return found.group(1);
    }

    private String send(String origin, String url, String page, String... fields)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(url, "-H", "Origin: " + origin));
        arguments.addAll(List.of("--data-urlencode", "csrf=" + found(CSRF, page)));
        for (String field : fields) {
            arguments.addAll(List.of("--data-urlencode", field));
        }
        return curl(arguments);
    }

    private String curl(List<String> more) throws IOException, InterruptedException {
        String cookies = directory.resolve("cookies").toString();
        List<String> command = new ArrayList<>(List.of("curl", "-sSL", "--max-time", "40"));
        command.addAll(List.of("--noproxy", "*", "--cacert", authority.toString()));
        command.addAll(List.of("-b", cookies, "-c", cookies, "-H", "Accept: text/html"));
        command.addAll(more);
        Program curl = Program.start("curl", directory, Map.of(), command);
        curl.waitFor();
        return curl.log();
    }
}
