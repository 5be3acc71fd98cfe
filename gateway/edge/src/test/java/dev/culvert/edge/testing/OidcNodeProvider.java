package dev.culvert.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.json.JsonMapper;

/// The certified `oidc-provider` of npm on loopback (`src/test/node/oidc`), and people who sign in there.
public final class OidcNodeProvider implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    // Also from the directory of a module beside this one.
    private static final Path SOURCE = Path.of("../edge/src/test/node/oidc");
    private static final Path INSTALLED = Path.of("../edge/target/node/oidc");
    private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\" method=\"post\"");
    private static final Pattern ABORT = Pattern.compile("href=\"([^\"]+/abort)\"");

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final TestTls tls;
    private final URI issuer;

    /// Skips the test, with the reason, where npm or its packages cannot be had.
    public static void install() throws Exception {
        if (Files.exists(INSTALLED.resolve("node_modules/oidc-provider"))) {
            return;
        }
        Files.createDirectories(INSTALLED);
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.write(INSTALLED.resolve(file), Files.readAllBytes(SOURCE.resolve(file)));
        }
        String said = "npm is not installed";
        int status = -1;
        try {
            Process npm =
                    new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                            .directory(INSTALLED.toFile())
                            .redirectErrorStream(true)
                            .start();
            npm.getOutputStream().close();
            said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            status = npm.waitFor();
        } catch (IOException e) {
            said = e.getMessage();
        }
        Assumptions.assumeTrue(status == 0, "oidc-provider cannot be installed: " + said);
    }

    public OidcNodeProvider(TestTls tls, String redirect, String algorithm, boolean claimsInToken)
            throws Exception {
        this.tls = tls;
        Path script = INSTALLED.resolve("provider.mjs");
        Files.write(script, Files.readAllBytes(SOURCE.resolve("provider.mjs")));
        process =
                new ProcessBuilder("node", script.getFileName().toString())
                        .directory(INSTALLED.toFile())
                        .redirectError(INSTALLED.resolve("stderr.txt").toFile())
                        .start();
        in = process.outputWriter();
        out = process.inputReader();
        Object first =
                ask(
                        Map.of(
                                "tls", Map.of("key", tls.keyPem(), "cert", tls.chainPem()),
                                "redirect", redirect,
                                "algorithm", algorithm,
                                "claimsInToken", claimsInToken));
        issuer = URI.create(JSON.readTree(first.toString()).get("issuer").asString());
    }

    private String ask(Map<String, ?> config) throws IOException {
        in.write(JSON.writeValueAsString(config) + "\n");
        in.flush();
        String line = out.readLine();
        assertThat(line).as("see gateway/edge/target/node/oidc/stderr.txt").isNotNull();
        return line;
    }

    public URI issuer() {
        return issuer;
    }

    /// New keys, and an empty memory.
    public void rotate(String algorithm) throws IOException {
        change(Map.of("algorithm", algorithm));
    }

    public void change(Map<String, ?> config) throws IOException {
        assertThat(ask(config)).isEqualTo("again");
    }

    /// Signs in and agrees.
    ///
    /// @return where the provider then leads
    public String signIn(String authorization, String user) throws Exception {
        return new Visit().walk(authorization, user);
    }

    /// Goes back instead of signing in.
    public String abort(String authorization) throws Exception {
        return new Visit().walk(authorization, null);
    }

    private final class Visit {
        private final HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(tls.context())
                        .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                        .build();

        Visit() throws Exception {}

        String walk(String from, String user) throws Exception {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(from)));
            for (int steps = 0; steps < 20; steps++) {
                String location = answer.headers().firstValue("Location").orElse(null);
                if (location != null
                        && location.startsWith("https://")
                        && !location.startsWith(issuer.toString())) {
                    return location;
                }
                answer =
                        location != null
                                ? send(HttpRequest.newBuilder(answer.uri().resolve(location)))
                                : send(next(answer, user));
            }
            throw new AssertionError("the provider leads nowhere: " + answer.body());
        }

        private HttpRequest.Builder next(HttpResponse<String> page, String user) {
            if (user == null) {
                return HttpRequest.newBuilder(
                        page.uri().resolve(found(ABORT, page.body()).replace("&amp;", "&")));
            }
            String prompt = page.body().contains("name=\"login\"") ? "login" : "consent";
            return HttpRequest.newBuilder(page.uri().resolve(found(FORM, page.body())))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(
                            HttpRequest.BodyPublishers.ofString(
                                    "prompt=" + prompt + "&login=" + user + "&password=x"));
        }

        private String found(Pattern pattern, String page) {
            Matcher matcher = pattern.matcher(page);
            assertThat(matcher.find()).as(page).isTrue();
            return matcher.group(1);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Override
    public void close() throws Exception {
        in.close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
