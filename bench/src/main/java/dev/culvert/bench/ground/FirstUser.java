package dev.culvert.bench.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whoever an edge lets choose the first password: curl with a cookie jar, and the pages' forms. Confined to one thread.
final class FirstUser {
    static final String EMAIL = "bench@example.com";
    static final String PASSWORD = "seven lamps under the bridge";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

    private final Ground ground;
    private final Path authority;
    private final Path cookies;

    /// @param authority of the edge's certificates
    FirstUser(Ground ground, String name, Path authority) {
        this.ground = ground;
        this.authority = authority;
        this.cookies = ground.directory().resolve(name + ".cookies");
    }

    /// @param link as the edge logs it
    void signUp(String link) throws IOException, InterruptedException {
        Matcher parts = Pattern.compile("(https://[^/]+)(/[^?]*).*").matcher(link);
        if (!parts.matches()) {
            throw new IOException("link: " + link + " (expected: one of the edge's log)");
        }
        String page = open(link);
        send(
                parts.group(1),
                action(page),
                page,
                "email=" + EMAIL,
                "name=Bench",
                "password=" + PASSWORD);
    }

    /// Registers a public key for SSH.
    void register(String origin, String key) throws IOException, InterruptedException {
        String path = "/cdn-cgi/access/account/ssh-keys";
        String page = open(origin + path);
        String after = send(origin, path + "/add", page, "name=bench", "key=" + key);
        if (!after.contains(" is added.")) {
            throw new IOException("the key was not taken: " + after);
        }
    }

    /// Signs in to an application, where that takes no more than being known at the edge.
    ///
    /// @return its cookies, as a request has them
    String cookies(Endpoint application) throws IOException, InterruptedException {
        open("https://" + application.hostHeader() + "/");
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(cookies)) {
            // domain, subdomains too, path, secure, expiry, name, value
            String[] fields = line.replaceFirst("^#HttpOnly_", "").split("\t");
            if (fields.length == 7 && fields[0].equals(application.host())) {
                found.add(fields[5] + "=" + fields[6]);
            }
        }
        if (found.isEmpty()) {
            throw new IOException(
                    application.host() + " gave no cookie to a user who is signed in");
        }
        return String.join("; ", found);
    }

    private static String action(String page) throws IOException {
        return found(Pattern.compile("<form[^>]* action=\"([^\"]*)\""), page).replace("&amp;", "&");
    }

    private static String found(Pattern pattern, String page) throws IOException {
        Matcher found = pattern.matcher(page);
        if (!found.find()) {
            throw new IOException("no " + pattern + " in the page " + page);
        }
        return found.group(1);
    }

    private String open(String url) throws IOException, InterruptedException {
        return curl(List.of(url));
    }

    private String send(String origin, String path, String page, String... fields)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(origin + path, "-H", "Origin: " + origin));
        arguments.addAll(List.of("--data-urlencode", "csrf=" + found(CSRF, page)));
        for (String field : fields) {
            arguments.addAll(List.of("--data-urlencode", field));
        }
        return curl(arguments);
    }

    private String curl(List<String> more) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ground.tools().required("curl"),
                                "-sSL",
                                "--max-time",
                                "40",
                                "--noproxy",
                                "*",
                                "--cacert",
                                authority.toString(),
                                "-b",
                                cookies.toString(),
                                "-c",
                                cookies.toString(),
                                "-H",
                                "Accept: text/html"));
        command.addAll(more);
        return ground.start("curl", Place.HERE, Map.of(), command).output();
    }
}
