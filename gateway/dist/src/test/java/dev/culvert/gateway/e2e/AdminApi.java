package dev.culvert.gateway.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A running edge's admin endpoint, as `docs/admin-api.md` has it: quicker than starting `gateway` for each
/// tunnel and route a test needs. Blocking.
record AdminApi(String url, String token) {

    static AdminApi of(Path state) throws Exception {
        String file = Files.readString(state.resolve("admin.json"));
        return new AdminApi(value("url", file), value("token", file));
    }

    /// @return the answer's body; any status but success is a failure of the test
    String ask(String method, String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path))
                                    .header("Authorization", "Bearer " + token)
                                    .header("Content-Type", "application/json")
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new AssertionError(path + " answered " + answer.statusCode() + answer.body());
            }
            return answer.body();
        }
    }

    /// The text of a field in JSON, wherever it is.
    static String value(String name, String json) {
        Matcher found = Pattern.compile('"' + name + "\"\\s*:\\s*\"([^\"]+)\"").matcher(json);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + json);
        }
        return found.group(1);
    }
}
